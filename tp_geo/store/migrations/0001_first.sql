-- Append-only tables. Primary keys only: no other index, no unique constraint.
-- `n` numbers every commit of the store, across tables.

create table store_identity (id text not null, primary key (id));

create table alignment_version (
    id text not null,
    name text not null,
    dataset text not null,
    dataset_key text not null,
    made_by text not null,
    made_at text not null,
    note text not null,
    base text not null,
    archived boolean not null,
    n bigint not null,
    primary key (id, n)
);

create table revision (
    alignment text not null,
    draft text not null,
    seq integer not null,
    made_by text not null,
    made_at text not null,
    kind text not null,
    label text not null,
    note text not null,
    origin text not null,
    reverts integer not null,
    payload text not null,
    n bigint not null,
    primary key (alignment, draft, seq)
);

create table snapshot (
    alignment text not null,
    draft text not null,
    name text not null,
    seq integer not null,
    made_by text not null,
    made_at text not null,
    n bigint not null,
    primary key (alignment, name)
);

create table setting (
    key text not null,
    value text not null,
    n bigint not null,
    primary key (key, n)
);

create table dataset_version (
    name text not null,
    key text not null,
    boundaries_kind text not null,
    boundaries_key text not null,
    made text not null,
    source text not null,
    report text not null,
    n bigint not null,
    primary key (name, n)
);

create table boundary_version (
    kind text not null,
    key text not null,
    title text not null,
    vintage text not null,
    source text not null,
    licence text not null,
    country text not null,
    approximate boolean not null,
    count integer not null,
    made text not null,
    n bigint not null,
    primary key (kind, n)
);

create table blob (key text not null, data bytea not null, primary key (key));
