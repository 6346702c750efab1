-- Grain: one migration that this database has been through. Columns: number.
select number from schema_migrations order by number
