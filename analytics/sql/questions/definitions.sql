-- What a platform may mean by the refunds of a period: each definition with what it counts and what it divides by. Money may be
-- capped at what the order brought; a count then counts orders instead of cases.
-- Grain: one row a clock, measure, base, with_before_shipment and is_capped.
-- Columns: clock, measure (money, count), base (receivable, paid, orders), with_before_shipment, is_capped, numerator (fen or
--   items), denominator (fen or orders), rate (0 to 1, null over nothing)
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

order_rows as (
{order_rows}
),

-- Only orders of several lines can be met twice; the rest need no counting of distinct orders.
orders_of_several as (
    select count(distinct shop || chr(31) || order_key) as orders
    from order_rows
    where line_count > 1
),

sold as (
    select
        coalesce(sum(order_rows.receivable_fen), 0)::bigint as receivable_fen,
        coalesce(sum(order_rows.paid_fen), 0)::bigint as paid_fen,
        count(case when order_rows.line_count = 1 then 1 end) + max(orders_of_several.orders) as orders
    from orders_of_several
    left join order_rows on true
),

case_rows as (
    select 'paid' as clock, shop, order_key, case_id, order_part_count, stage, sales_fen, receivable_fen
    from (
        select *, paid_at as clock_at
        from marts.ledger
        where gives_money_back and not is_open and shop in (select shop from chosen_shops)
    ) as by_payment
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
    union all
    select 'refunded' as clock, shop, order_key, case_id, order_part_count, stage, sales_fen, receivable_fen
    from (
        select *, finished_at as clock_at
        from marts.ledger
        where gives_money_back and not is_open and shop in (select shop from chosen_shops)
    ) as by_refund
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
),

-- A case that is alone in its order and gives back no more than its line brought needs neither adding up nor a limit.
alone as (
    select
        clock,
        sum(sales_fen)::bigint as whole_fen,
        sum(if(stage = 'before_shipment', 0, sales_fen))::bigint as shipped_fen,
        count(clock) as whole_cases,
        count(if(stage = 'before_shipment', null, 1)) as shipped_cases
    from case_rows
    where order_part_count = 1 and sales_fen <= receivable_fen
    group by clock
),

by_order as (
    select
        clock,
        shop,
        order_key,
        sum(sales_fen)::bigint as whole_fen,
        sum(if(stage = 'before_shipment', 0, sales_fen))::bigint as shipped_fen,
        count(distinct case_id) as whole_cases,
        count(distinct if(stage = 'before_shipment', null, case_id)) as shipped_cases,
        max(receivable_fen) as seen_receivable_fen
    from case_rows
    where order_part_count > 1 or sales_fen > receivable_fen
    group by clock, shop, order_key
),

-- More than one line of the order brought: only these can be above the whole order.
doubtful as (
    select distinct shop, order_key
    from by_order
    where whole_fen > seen_receivable_fen
),

limits as (
    select lines.shop, lines.order_key, max(greatest(lines.order_receivable_fen, 0)) as limit_fen
    from marts.lines as lines
    inner join doubtful on doubtful.shop = lines.shop and doubtful.order_key = lines.order_key
    group by lines.shop, lines.order_key
),

parts as (
    select
        clock,
        whole_fen,
        shipped_fen,
        whole_fen as whole_capped_fen,
        shipped_fen as shipped_capped_fen,
        whole_cases,
        shipped_cases,
        whole_cases as whole_orders,
        shipped_cases as shipped_orders
    from alone
    union all
    select
        by_order.clock,
        by_order.whole_fen,
        by_order.shipped_fen,
        least(by_order.whole_fen, coalesce(limits.limit_fen, by_order.whole_fen)) as whole_capped_fen,
        least(by_order.shipped_fen, coalesce(limits.limit_fen, by_order.shipped_fen)) as shipped_capped_fen,
        by_order.whole_cases,
        by_order.shipped_cases,
        1 as whole_orders,
        if(by_order.shipped_cases > 0, 1, 0) as shipped_orders
    from by_order
    left join limits on limits.shop = by_order.shop and limits.order_key = by_order.order_key
),

refunded as (
    select
        clock,
        sum(whole_fen)::bigint as whole_fen,
        sum(shipped_fen)::bigint as shipped_fen,
        sum(whole_capped_fen)::bigint as whole_capped_fen,
        sum(shipped_capped_fen)::bigint as shipped_capped_fen,
        sum(whole_cases)::bigint as whole_cases,
        sum(shipped_cases)::bigint as shipped_cases,
        sum(whole_orders)::bigint as whole_orders,
        sum(shipped_orders)::bigint as shipped_orders
    from parts
    group by clock
),

listed as (
    select *
    from (
        values
        (1, 'money', 'receivable', true, false),
        (2, 'money', 'receivable', true, true),
        (3, 'money', 'receivable', false, false),
        (4, 'money', 'receivable', false, true),
        (5, 'money', 'paid', true, false),
        (6, 'money', 'paid', true, true),
        (7, 'money', 'paid', false, false),
        (8, 'money', 'paid', false, true),
        (9, 'count', 'orders', true, false),
        (10, 'count', 'orders', true, true),
        (11, 'count', 'orders', false, false),
        (12, 'count', 'orders', false, true)
    ) as named (place, measure, base, with_before_shipment, is_capped)
),

clocks as (
    select *
    from (values (1, 'paid'), (2, 'refunded')) as named (clock_place, clock)
),

counted as (
    select
        clocks.clock_place,
        clocks.clock,
        listed.place,
        listed.measure,
        listed.base,
        listed.with_before_shipment,
        listed.is_capped,
        coalesce(
            case
                when listed.measure = 'money' and listed.with_before_shipment and listed.is_capped then refunded.whole_capped_fen
                when listed.measure = 'money' and listed.with_before_shipment then refunded.whole_fen
                when listed.measure = 'money' and listed.is_capped then refunded.shipped_capped_fen
                when listed.measure = 'money' then refunded.shipped_fen
                when listed.with_before_shipment and listed.is_capped then refunded.whole_orders
                when listed.with_before_shipment then refunded.whole_cases
                when listed.is_capped then refunded.shipped_orders
                else refunded.shipped_cases
            end,
            0
        )::bigint as numerator,
        case listed.base
            when 'receivable' then sold.receivable_fen
            when 'paid' then sold.paid_fen
            else sold.orders
        end::bigint as denominator
    from clocks
    cross join listed
    cross join sold
    left join refunded on refunded.clock = clocks.clock
)

select
    clock,
    measure,
    base,
    with_before_shipment,
    is_capped,
    numerator,
    denominator,
    numerator / nullif(denominator, 0)::double as rate
from counted
order by clock_place asc nulls last, place asc nulls last
