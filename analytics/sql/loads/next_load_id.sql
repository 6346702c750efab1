-- Grain: one row. Columns: load_id, never given before.
select nextval('load_ids') as load_id
