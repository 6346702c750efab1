-- Makes room for the program's words, or the operator's.
delete from words where is_operators = $is_operators
