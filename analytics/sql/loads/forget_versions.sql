-- Takes the versions away that belong to a load.
delete from {stored} where load_id = $load_id
