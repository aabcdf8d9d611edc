-- The branch that a draft may change ('whole', or an area by id); '' for an alignment that is none.

alter table alignment_version add column draft text default '';
