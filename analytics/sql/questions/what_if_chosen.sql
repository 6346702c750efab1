-- The orders of a period that are priced row by row: those with finished cases and those of several lines; part of the what-if
-- questions. An order stands whole, also where only some of its rows are in the period.
-- Grain: one row a line.
-- Columns: order_at, line_at (places counted from 0), is_chosen (the row itself is in the period), and those of marts.lines
    select
        dense_rank() over (order by lines.shop asc nulls last, lines.order_key asc nulls last) - 1 as order_at,
        row_number() over (
            order by lines.shop asc nulls last, lines.order_key asc nulls last, lines.line_ref asc nulls last
        ) - 1 as line_at,
        ($first_day is null or lines.paid_at >= $first_day::date)
        and ($last_day is null or lines.paid_at < $last_day::date + interval 1 day) as is_chosen,
        lines.*
    from marts.lines as lines
    inner join (
        select distinct shop, order_key
        from marts.ledger
        where not is_open
            and list_contains($shops, shop)
            and ($first_day is null or paid_at >= $first_day::date)
            and ($last_day is null or paid_at < $last_day::date + interval 1 day)
        union
        select distinct shop, order_key
        from marts.lines
        where line_count > 1
            and is_paid
            and list_contains($shops, shop)
            and ($first_day is null or paid_at >= $first_day::date)
            and ($last_day is null or paid_at < $last_day::date + interval 1 day)
    ) as orders on orders.shop = lines.shop and orders.order_key = lines.order_key
