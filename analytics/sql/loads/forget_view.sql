-- Forgets the view of a name.
delete from saved_views where name = $name
