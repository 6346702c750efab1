-- The lines that were sold, with the keys of the chosen order-level dimensions; part of losses_by.
-- Grain: one row a line.
-- Columns: the dimensions' keys, shop, order_key, line_count, line_no, paid_fen, receivable_fen
    select {keys} shop, order_key, line_count, line_no, paid_fen, receivable_fen
    from (
        select *, paid_at as clock_at
        from marts.lines
        where is_paid and shop in (select shop from chosen_shops)
    ) as lines
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
