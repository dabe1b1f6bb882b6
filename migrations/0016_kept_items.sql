-- Every item has a table of its own now.  What earlier versions kept in pending_item the worker digests when it
-- starts, in the order of ids; then it drops the table (worker/digest/kept.h).
drop index pending_item_event_idx;
create index pending_item_id_idx on pending_item (id);
