-- What the operator says that words of the exports mean; it wins over the program's meaning. Reasons have a view of their own.
-- Grain: one row a field and word.
-- Columns:
--   field, word: key
--   meaning: the operator's
--   program_meaning: null when the program does not know the word
select own.field, own.word, min(own.meaning) as meaning, min(programs.meaning) as program_meaning
from main.words as own
left join main.words as programs
    on programs.field = own.field and programs.word = own.word and not programs.is_operators
where own.is_operators and own.field <> 'tool_reason'
group by own.field, own.word
