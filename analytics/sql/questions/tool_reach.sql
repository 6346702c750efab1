-- Refunds that end a sale, by the tool that could have helped with their reason at their stage: where a tool could help, no effect.
-- Grain: one row a tool, stage, reason and product.
-- Columns: tool (the one whose phrase the reason has; urge_ship stands for both shipping tools; none), stage, reason, product,
--   orders (for a tool each counts once, where it lost most), cases, refund_fen, loss_fen (sales and hidden), first_at, last_at
--   (payment of their orders)
with
refunds as (
    select shop, order_key, case_id, line_ref, stage, reason, product, paid_at, refund_fen, sales_fen + acquisition_fen
        + logistics_fen + handling_fen + damage_fen as loss_fen
    from (select *, paid_at as clock_at from marts.ledger) as ledger
    where loses_sale
        and list_contains($shops, shop)
        and ($as_of is null or finished_at is null or finished_at <= $as_of::timestamp)
        and ($first_day is null or paid_at >= $first_day::date)
        and ($last_day is null or paid_at < $last_day::date + interval 1 day)
        {filters}
),

reached as (
    select
        refunds.*,
        case
            when reasons.tool in ('urge_ship', 'address_change') and refunds.stage <> 'before_shipment' then 'none'
            else coalesce(reasons.tool, 'none')
        end as tool
    from refunds
    left join staging.reason_tools as reasons on reasons.reason = refunds.reason
),

ranked as (
    select
        *,
        row_number() over (
            partition by tool, shop, order_key
            order by loss_fen desc nulls last, case_id asc nulls last, line_ref asc nulls last, product asc nulls last
        ) = 1 as is_lead
    from reached
)

select
    tool,
    stage,
    reason,
    product,
    count(case when is_lead then 1 end) as orders,
    count(distinct shop || chr(31) || case_id) as cases,
    sum(refund_fen)::bigint as refund_fen,
    sum(loss_fen)::bigint as loss_fen,
    min(paid_at) as first_at,
    max(paid_at) as last_at
from ranked
group by tool, stage, reason, product
order by loss_fen desc nulls last, tool asc nulls last, stage asc nulls last, reason asc nulls last, product asc nulls last
