-- The lines that were sold, with the keys of the chosen dimensions, of which some belong to cases: an order stands in the groups
-- of its successful cases (those of $known_until, where it is given), else in none, and once in a group however many of the chosen ones it stands in; part of losses_by.
-- Grain: one row a line and group of its order.
-- Columns: the dimensions' keys, shop, order_key, line_count, line_no, paid_fen, receivable_fen
    select distinct {keys} shop, order_key, line_count, line_no, paid_fen, receivable_fen
    from (
        select lines.*, {case_columns}, lines.paid_at as clock_at
        from marts.lines as lines
        left join (
            select distinct shop, order_key, {case_keys}
            from marts.ledger
            where is_refund and ($known_until is null or finished_at < $known_until::timestamp)
        ) as groups on groups.shop = lines.shop and groups.order_key = lines.order_key
        where lines.is_paid and lines.shop in (select shop from chosen_shops)
    ) as lines
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
