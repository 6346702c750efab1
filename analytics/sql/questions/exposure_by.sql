-- What the open cases would cost if they all succeeded now, by the chosen dimensions; by the payment date of their orders.
-- Grain: one row a combination of the chosen dimensions; one row in all when none is chosen.
-- Columns: the dimensions, open_cases, sales_fen, acquisition_fen, logistics_fen, handling_fen, damage_fen, hidden_fen,
--   total_fen, actual_fen, set_fen, assumed_fen, unknown_cases
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

open_cases as (
    select
        *,
        paid_at as clock_at
    from marts.ledger
    where is_open and shop in (select shop from chosen_shops)
),

grouped as (
    select
        {keys}
        count(distinct shop || chr(31) || case_id) as open_cases,
        coalesce(sum(sales_fen), 0)::bigint as sales_known_fen,
        coalesce(sum(acquisition_fen), 0)::bigint as acquisition_known_fen,
        coalesce(sum(logistics_fen), 0)::bigint as logistics_known_fen,
        coalesce(sum(handling_fen), 0)::bigint as handling_known_fen,
        coalesce(sum(damage_fen), 0)::bigint as damage_known_fen,
        coalesce(sum(acquisition_fen + logistics_fen + handling_fen + damage_fen), 0)::bigint as hidden_known_fen,
        coalesce(sum(actual_fen), 0)::bigint as actual_fen,
        coalesce(sum(set_fen), 0)::bigint as set_fen,
        coalesce(sum(assumed_fen), 0)::bigint as assumed_fen,
        count(distinct case when has_unknown then shop || chr(31) || case_id end) as unknown_cases,
        coalesce(bool_or(is_sales_unknown), false) as is_sales_unknown,
        coalesce(bool_or(is_acquisition_unknown), false) as is_acquisition_unknown,
        coalesce(bool_or(is_logistics_unknown), false) as is_logistics_unknown,
        coalesce(bool_or(is_handling_unknown), false) as is_handling_unknown,
        coalesce(bool_or(is_damage_unknown), false) as is_damage_unknown,
        coalesce(
            bool_or(is_acquisition_unknown or is_logistics_unknown or is_handling_unknown or is_damage_unknown), false
        ) as is_hidden_unknown,
        coalesce(bool_or(has_unknown), false) as is_total_unknown
    from open_cases
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
    {group_by}
)

select
    {labels}
    open_cases,
    if(is_sales_unknown and sales_known_fen = 0, null, sales_known_fen) as sales_fen,
    if(is_acquisition_unknown and acquisition_known_fen = 0, null, acquisition_known_fen) as acquisition_fen,
    if(is_logistics_unknown and logistics_known_fen = 0, null, logistics_known_fen) as logistics_fen,
    if(is_handling_unknown and handling_known_fen = 0, null, handling_known_fen) as handling_fen,
    if(is_damage_unknown and damage_known_fen = 0, null, damage_known_fen) as damage_fen,
    if(is_hidden_unknown and hidden_known_fen = 0, null, hidden_known_fen) as hidden_fen,
    if(is_total_unknown and sales_known_fen + hidden_known_fen = 0, null, sales_known_fen + hidden_known_fen) as total_fen,
    actual_fen,
    set_fen,
    assumed_fen,
    unknown_cases
from grouped
order by {order_by}
