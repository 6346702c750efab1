-- Progress of a case, an expression: 0 open, 1 finished. The operator's mapping of a word wins.
coalesce(
        (
            select case when max_by(words.meaning, words.is_operators) in ('succeeded', 'failed') then 1 end
            from words
            where words.field = 'case_status' and words.word = status_word
        ),
        case when finished_at is not null then 1 else 0 end
    )
