delete from note_payments where load_id = $load_id
