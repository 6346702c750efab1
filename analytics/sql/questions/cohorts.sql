-- What was sold on each day of payment, and what of it came back after how many days: the triangle behind every expected rate.
-- An order counts as refunded on the day its first refund finished; money when its case finished. A refund that nobody can date
-- stands beside what was sold, without a lag.
-- Grain: one row a combination of the chosen dimensions, day of payment and lag.
-- Columns: the dimensions (null for what was sold, by a dimension of cases), paid_on (midnight), lag_days (null: what was
--   sold, and refunds without a date), orders, receivable_fen, refunded_orders, sales_fen, hidden_fen, total_fen
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

line_rows as (
    select
        {line_keys}
        shop,
        order_key,
        line_count,
        receivable_fen,
        clock_at::date as paid_on
    from (
        select *, paid_at as clock_at
        from marts.lines
        where is_paid and shop in (select shop from chosen_shops)
    ) as lines
    where ($recent_from is null or clock_at >= $recent_from::date)
        {line_filters}
),

case_rows as (
    select
        {case_keys}
        shop,
        order_key,
        clock_at::date as paid_on,
        if(finished_at is null, null, greatest(date_diff('day', clock_at::date, finished_at::date), 0)) as lag_days,
        gives_money_back,
        sales_fen,
        acquisition_fen + logistics_fen + handling_fen + damage_fen as hidden_fen
    from (
        select *, paid_at as clock_at
        from marts.ledger
        where not is_open and not is_unmatched and paid_at is not null and shop in (select shop from chosen_shops)
    ) as ledger
    where ($recent_from is null or clock_at >= $recent_from::date)
        {case_filters}
),

first_refunds as (
    select {names} shop, order_key, paid_on, min(lag_days) as lag_days
    from case_rows
    where gives_money_back
    group by {names} shop, order_key, paid_on
),

facts as (
    select
        {names} paid_on, null::bigint as lag_days, if(line_count = 1, 1, 0) as orders,
        if(line_count > 1, shop || chr(31) || order_key, null) as shared_order, receivable_fen, 0 as refunded_orders, 0 as
        sales_fen, 0 as hidden_fen
    from line_rows
    union all
    select
        {names} paid_on, lag_days, 0 as orders, null as shared_order, 0 as receivable_fen, 1 as refunded_orders, 0 as sales_fen,
        0 as hidden_fen
    from first_refunds
    union all
    select
        {names} paid_on, lag_days, 0 as orders, null as shared_order, 0 as receivable_fen, 0 as refunded_orders, sales_fen,
        hidden_fen
    from case_rows
)

select
    {labels}
    paid_on::timestamp as paid_on,
    lag_days,
    (sum(orders) + count(distinct shared_order))::bigint as orders,
    sum(receivable_fen)::bigint as receivable_fen,
    sum(refunded_orders)::bigint as refunded_orders,
    sum(sales_fen)::bigint as sales_fen,
    sum(hidden_fen)::bigint as hidden_fen,
    sum(sales_fen + hidden_fen)::bigint as total_fen
from facts
group by {names} paid_on, lag_days
order by {names} paid_on asc nulls first, lag_days asc nulls first
