delete from words where is_operators = $is_operators
