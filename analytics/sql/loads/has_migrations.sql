-- Grain: one row. Columns: has_migrations, whether the database keeps a table of applied migrations.
select count(*) > 0 as has_migrations
from information_schema.tables
where table_name = 'schema_migrations'
