-- Takes the rows that a load set aside away.
delete from load_rejects where load_id = $load_id
