-- Takes an operator's own mapping of a word away.
delete from words where is_operators and field = $field and word = $word
