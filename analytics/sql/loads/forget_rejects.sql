delete from load_rejects where load_id = $load_id
