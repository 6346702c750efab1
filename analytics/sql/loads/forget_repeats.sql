delete from {fact}_repeats where load_id = $load_id
