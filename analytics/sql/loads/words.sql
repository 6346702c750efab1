-- Grain: one word with its meaning, those of the program or those of the operator.
select field, word, meaning
from words
where is_operators = $is_operators
order by field, word, meaning
