-- The refunds of a period whose orders are not loaded: their money counts as refunded, and nothing as sold.
-- Grain: one row in all.
-- Columns: refunds, sales_fen
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

strays as (
    select
        *,
        {clock} as clock_at
    from marts.ledger
    where is_refund and is_unmatched and shop in (select shop from chosen_shops)
)

select
    count(distinct shop || chr(31) || case_id) as refunds,
    coalesce(sum(sales_fen), 0)::bigint as sales_fen
from strays
where ($first_day is null or clock_at >= $first_day::date)
    and ($last_day is null or clock_at < $last_day::date + interval 1 day)
    {filters}
