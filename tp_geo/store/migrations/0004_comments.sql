-- What people say of a plan. `about` is "" for the whole, else "area:3" or "item:94103"; a comment
-- that is resolved, or opened again, is a newer version of its number.

create table comment_version (
    alignment text not null,
    number integer not null,
    about text not null,
    label text not null,
    made_by text not null,
    made_at text not null,
    resolved_by text not null,
    resolved_at text not null,
    n bigint not null,
    primary key (alignment, number, n)
);
