-- Grain: one row. Columns: batch_id
select nextval('urge_batch_ids') as batch_id
