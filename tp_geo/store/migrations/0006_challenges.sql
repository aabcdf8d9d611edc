-- What people ask for their areas; a challenge that is decided is a newer version of its number.
-- `codes` is a JSON object: containers and units, each with the area that held it then.

create table challenge_version (
    alignment text not null,
    number integer not null,
    wish text not null,
    area integer not null,
    receiver integer not null,
    codes text not null,
    label text not null,
    made_by text not null,
    made_at text not null,
    verdict text not null,
    answer text not null,
    decided_by text not null,
    decided_at text not null,
    revision integer not null,
    n bigint not null,
    primary key (alignment, number, n)
);
