-- Who may do what; a right that was taken is a newer version with the level ''.

create table grant_version (
    subject text not null,
    object text not null,
    level text not null,
    made_by text not null,
    made_at text not null,
    n bigint not null,
    primary key (subject, object, n)
);
