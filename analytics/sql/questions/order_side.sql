-- What was sold, by the chosen order-level dimensions; part of losses_by.
-- Grain: one row a combination of the chosen dimensions.
-- Columns: the dimensions' keys, paid_fen, receivable_fen, orders
    select
        {keys}
        sum(paid_fen) as paid_fen,
        sum(receivable_fen) as receivable_fen,
        count(case when line_count = 1 then 1 end)
        + count(distinct case when line_count > 1 then shop || chr(31) || order_key end) as orders
    from (
        select *, paid_at as clock_at
        from marts.lines
        where is_paid and shop in (select shop from chosen_shops)
    ) as lines
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
    {group_by}
