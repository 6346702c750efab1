-- The table of applied migrations, which the first migration already writes to.
create table if not exists schema_migrations (
    number integer not null,
    name varchar not null,
    applied_at timestamp not null
)
