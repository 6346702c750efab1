-- What each finished case costs in all: two of these, before and after a change of a setting, tell which cases it touches.
-- Grain: one row a shop and case_id.
-- Columns: shop, case_id, total_fen (what is known), unknown_count (components that are unknown, over its lines)
select
    shop,
    case_id,
    sum(sales_fen + acquisition_fen + logistics_fen + handling_fen + damage_fen)::bigint as total_fen,
    sum(
        is_sales_unknown::int
        + is_acquisition_unknown::int
        + is_logistics_unknown::int
        + is_handling_unknown::int
        + is_damage_unknown::int
    )::bigint as unknown_count
from marts.ledger
where not is_open and list_contains($shops, shop)
group by shop, case_id
order by shop asc nulls last, case_id asc nulls last
