delete from {stored} where load_id = $load_id
