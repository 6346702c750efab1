-- Grain: one row. Columns: holdout_id
select nextval('holdout_ids') as holdout_id
