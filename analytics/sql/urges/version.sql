-- Grain: one row. Columns: version
select version from urge_version
