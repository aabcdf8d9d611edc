-- What a scenario assumes (JSON, '' for an alignment that is none), and the days a plan is valid:
-- ISO 8601, '' where there is none.

alter table alignment_version add column scenario text default '';
alter table alignment_version add column valid_from text default '';
alter table alignment_version add column valid_until text default '';
