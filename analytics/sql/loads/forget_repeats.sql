-- Takes the repeats of a load away.
delete from {fact}_repeats where load_id = $load_id
