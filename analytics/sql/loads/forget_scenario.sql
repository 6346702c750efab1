-- Forgets the scenario of a name.
delete from scenarios where name = $name
