-- Progress of an order, an expression: from 0 unpaid to 4 succeeded or closed. The operator's mapping of a word wins.
coalesce(
        (
            select
                case max_by(words.meaning, words.is_operators)
                    when 'unpaid' then 0
                    when 'paid' then 1
                    when 'shipped' then 2
                    when 'received' then 3
                    when 'succeeded' then 4
                    when 'closed' then 4
                end
            from words
            where words.field = 'order_status' and words.word = order_status
        ),
        case when shipped_at is not null then 2 when paid_at is not null then 1 else 0 end
    )
