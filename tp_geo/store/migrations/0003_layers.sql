-- Reference layers: what maps show besides a plan. The shapes lie in the blob of the same key.

create table layer_version (
    name text not null,
    key text not null,
    color text not null,
    label text not null,
    count integer not null,
    source text not null,
    made_by text not null,
    made_at text not null,
    removed boolean not null,
    n bigint not null,
    primary key (name, n)
);
