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

order_rows as (
{order_rows}
),

order_sums as (
    select
        {names}
        sum(paid_fen) as paid_fen,
        sum(receivable_fen) as receivable_fen,
        count(case when line_count = 1 then 1 end) as orders
    from order_rows
    {group_by}
),

-- Only orders of several lines can meet a group twice; the rest need no counting of distinct orders.
orders_of_several as (
    select
        {names}
        count(distinct shop || chr(31) || order_key) as orders
    from order_rows
    where line_count > 1
    {group_by}
),

case_rows as (
    select
        {keys}
        shop,
        order_key,
        case_id,
        order_part_count,
        is_refund,
        gives_money_back,
        is_sales_unknown,
        is_acquisition_unknown,
        is_logistics_unknown,
        is_handling_unknown,
        is_damage_unknown,
        is_refund and has_unknown as is_unknown_refund,
        sales_fen as sales_known_fen,
        acquisition_fen as acquisition_known_fen,
        logistics_fen as logistics_known_fen,
        handling_fen as handling_known_fen,
        damage_fen as damage_known_fen,
        actual_fen,
        set_fen,
        assumed_fen
    from (
        select *, {clock} as clock_at
        from marts.ledger
        where not is_open and shop in (select shop from chosen_shops)
    ) as ledger
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        and ($known_until is null or finished_at < $known_until::timestamp)
        {filters}
),

case_sums as (
    select
        {names}
        count(case when is_refund and order_part_count = 1 then 1 end) as refunds,
        count(case when gives_money_back and order_part_count = 1 then 1 end) as refunded_orders,
        count(case when is_unknown_refund and order_part_count = 1 then 1 end) as unknown_refunds,
        sum(sales_known_fen) as sales_known_fen,
        sum(acquisition_known_fen) as acquisition_known_fen,
        sum(logistics_known_fen) as logistics_known_fen,
        sum(handling_known_fen) as handling_known_fen,
        sum(damage_known_fen) as damage_known_fen,
        sum(actual_fen) as actual_fen,
        sum(set_fen) as set_fen,
        sum(assumed_fen) as assumed_fen,
        count(case when is_sales_unknown then 1 end) as sales_gaps,
        count(case when is_acquisition_unknown then 1 end) as acquisition_gaps,
        count(case when is_logistics_unknown then 1 end) as logistics_gaps,
        count(case when is_handling_unknown then 1 end) as handling_gaps,
        count(case when is_damage_unknown then 1 end) as damage_gaps
    from case_rows
    {group_by}
),

cases_of_several as (
    select
        {names}
        count(distinct case when is_refund then shop || chr(31) || case_id end) as refunds,
        count(distinct case when gives_money_back then shop || chr(31) || order_key end) as refunded_orders,
        count(distinct case when is_unknown_refund then shop || chr(31) || case_id end) as unknown_refunds
    from case_rows
    where order_part_count > 1
    {group_by}
),

both_sides as (
    select
        {names}
        paid_fen, receivable_fen, orders, 0 as refunds, 0 as refunded_orders, 0 as unknown_refunds, 0 as sales_known_fen, 0 as
        acquisition_known_fen, 0 as logistics_known_fen, 0 as handling_known_fen, 0 as damage_known_fen, 0 as actual_fen, 0 as
        set_fen, 0 as assumed_fen, 0 as sales_gaps, 0 as acquisition_gaps, 0 as logistics_gaps, 0 as handling_gaps, 0 as
        damage_gaps
    from order_sums
    union all
    select
        {names}
        0 as paid_fen, 0 as receivable_fen, orders, 0 as refunds, 0 as refunded_orders, 0 as unknown_refunds, 0 as
        sales_known_fen, 0 as acquisition_known_fen, 0 as logistics_known_fen, 0 as handling_known_fen, 0 as damage_known_fen,
        0 as actual_fen, 0 as set_fen, 0 as assumed_fen, 0 as sales_gaps, 0 as acquisition_gaps, 0 as logistics_gaps, 0 as
        handling_gaps, 0 as damage_gaps
    from orders_of_several
    union all
    select
        {names}
        0 as paid_fen, 0 as receivable_fen, 0 as orders, refunds, refunded_orders, unknown_refunds, sales_known_fen,
        acquisition_known_fen, logistics_known_fen, handling_known_fen, damage_known_fen, actual_fen, set_fen, assumed_fen,
        sales_gaps, acquisition_gaps, logistics_gaps, handling_gaps, damage_gaps
    from case_sums
    union all
    select
        {names}
        0 as paid_fen, 0 as receivable_fen, 0 as orders, refunds, refunded_orders, unknown_refunds, 0 as sales_known_fen, 0 as
        acquisition_known_fen, 0 as logistics_known_fen, 0 as handling_known_fen, 0 as damage_known_fen, 0 as actual_fen, 0 as
        set_fen, 0 as assumed_fen, 0 as sales_gaps, 0 as acquisition_gaps, 0 as logistics_gaps, 0 as handling_gaps, 0 as
        damage_gaps
    from cases_of_several
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
    if(
        sales_gaps + hidden_gaps > 0 and sales_known_fen + hidden_known_fen = 0, null, sales_known_fen + hidden_known_fen
    ) as total_fen,
    actual_fen,
    set_fen,
    assumed_fen,
    unknown_refunds,
    receivable_fen
from shown
order by {order_by}
