-- Spike protection: what a project may send of one kind in an hour is a quota that the worker makes and keeps.
alter table quota add column is_spike_protection boolean not null default false;
create unique index quota_spike_protection_key on quota (project_id, categories) where is_spike_protection;
