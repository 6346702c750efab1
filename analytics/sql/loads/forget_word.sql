delete from words where is_operators and field = $field and word = $word
