-- Takes the small payments of a load away.
delete from note_payments where load_id = $load_id
