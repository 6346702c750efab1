-- Remembers that a migration was applied.
insert into schema_migrations values ($number, $name, $applied_at)
