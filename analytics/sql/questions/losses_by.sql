-- What refunds cost, by the chosen dimensions, beside what was sold.
-- Grain: one row a combination of the chosen dimensions; one row in all when none is chosen.
-- Columns: the dimensions, paid_fen, orders, refunded_orders, refunds, sales_fen, acquisition_fen, logistics_fen, handling_fen,
--   damage_fen, hidden_fen, total_fen, actual_fen, set_fen, assumed_fen, unknown_refunds, receivable_fen
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

order_side as (
{order_side}
),

case_side as (
{case_side}
),

both_sides as (
    select
        {names}
        paid_fen, receivable_fen, orders,
        0 as refunds, 0 as refunded_orders, 0 as unknown_refunds,
        0 as sales_known_fen, 0 as acquisition_known_fen, 0 as logistics_known_fen, 0 as handling_known_fen, 0 as damage_known_fen,
        0 as actual_fen, 0 as set_fen, 0 as assumed_fen,
        0 as sales_gaps, 0 as acquisition_gaps, 0 as logistics_gaps, 0 as handling_gaps, 0 as damage_gaps
    from order_side
    union all
    select
        {names}
        0 as paid_fen, 0 as receivable_fen, 0 as orders,
        refunds, refunded_orders, unknown_refunds,
        sales_known_fen, acquisition_known_fen, logistics_known_fen, handling_known_fen, damage_known_fen,
        actual_fen, set_fen, assumed_fen,
        sales_gaps, acquisition_gaps, logistics_gaps, handling_gaps, damage_gaps
    from case_side
),

grouped as (
    select
        {names}
        coalesce(sum(paid_fen), 0)::bigint as paid_fen,
        coalesce(sum(orders), 0)::bigint as orders,
        coalesce(sum(refunded_orders), 0)::bigint as refunded_orders,
        coalesce(sum(refunds), 0)::bigint as refunds,
        coalesce(sum(sales_known_fen), 0)::bigint as sales_known_fen,
        coalesce(sum(acquisition_known_fen), 0)::bigint as acquisition_known_fen,
        coalesce(sum(logistics_known_fen), 0)::bigint as logistics_known_fen,
        coalesce(sum(handling_known_fen), 0)::bigint as handling_known_fen,
        coalesce(sum(damage_known_fen), 0)::bigint as damage_known_fen,
        coalesce(sum(actual_fen), 0)::bigint as actual_fen,
        coalesce(sum(set_fen), 0)::bigint as set_fen,
        coalesce(sum(assumed_fen), 0)::bigint as assumed_fen,
        coalesce(sum(unknown_refunds), 0)::bigint as unknown_refunds,
        coalesce(sum(receivable_fen), 0)::bigint as receivable_fen,
        coalesce(sum(sales_gaps), 0) as sales_gaps,
        coalesce(sum(acquisition_gaps), 0) as acquisition_gaps,
        coalesce(sum(logistics_gaps), 0) as logistics_gaps,
        coalesce(sum(handling_gaps), 0) as handling_gaps,
        coalesce(sum(damage_gaps), 0) as damage_gaps
    from both_sides
    {group_by}
),

-- What is unknown and known to the extent of nothing is not 0.
shown as (
    select
        *,
        acquisition_known_fen + logistics_known_fen + handling_known_fen + damage_known_fen as hidden_known_fen,
        acquisition_gaps + logistics_gaps + handling_gaps + damage_gaps as hidden_gaps
    from grouped
)

select
    {labels}
    paid_fen,
    orders,
    refunded_orders,
    refunds,
    if(sales_gaps > 0 and sales_known_fen = 0, null, sales_known_fen) as sales_fen,
    if(acquisition_gaps > 0 and acquisition_known_fen = 0, null, acquisition_known_fen) as acquisition_fen,
    if(logistics_gaps > 0 and logistics_known_fen = 0, null, logistics_known_fen) as logistics_fen,
    if(handling_gaps > 0 and handling_known_fen = 0, null, handling_known_fen) as handling_fen,
    if(damage_gaps > 0 and damage_known_fen = 0, null, damage_known_fen) as damage_fen,
    if(hidden_gaps > 0 and hidden_known_fen = 0, null, hidden_known_fen) as hidden_fen,
    if(sales_gaps + hidden_gaps > 0 and sales_known_fen + hidden_known_fen = 0, null, sales_known_fen + hidden_known_fen) as total_fen,
    actual_fen,
    set_fen,
    assumed_fen,
    unknown_refunds,
    receivable_fen
from shown
order by {order_by}
