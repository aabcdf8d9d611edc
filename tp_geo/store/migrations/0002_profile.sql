-- The geographic profile of areas made later: one of `Profile`.

alter table alignment_version add column profile text default 'contiguous';
