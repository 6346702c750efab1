-- What refunds that end a sale cost behind the money given back, before shipment and after, added up: for the break-even chance.
-- Grain: one row a place (before, after: the order had not been shipped, had been shipped).
-- Columns: place, orders, sent_fen (freight out, packing, premium), logistics_fen (the rest of logistics), handling_fen,
--   damage_fen, goods_fen (of the orders: what damage is a share of)
with
cases as (
    select
        shop,
        order_key,
        case when stage = 'before_shipment' then 'before' else 'after' end as place,
        freight_fen + packing_fen + premium_fen as sent_fen,
        logistics_fen - freight_fen - packing_fen - premium_fen as logistics_fen,
        handling_fen,
        damage_fen,
        line_ref,
        is_lead
    from marts.ledger
    where loses_sale
        and stage <> 'unknown'
        and not is_unmatched
        and list_contains($shops, shop)
        and ($as_of is null or finished_at <= $as_of::timestamp)
),

with_goods as (
    select cases.*, case when cases.is_lead then (lines.goods_ufen + 500000) // 1000000 end as goods_fen
    from cases
    left join marts.lines as lines
        on lines.shop = cases.shop and lines.order_key = cases.order_key and lines.line_ref = cases.line_ref
)

select
    place,
    count(distinct shop || chr(31) || order_key) as orders,
    sum(sent_fen)::bigint as sent_fen,
    sum(logistics_fen)::bigint as logistics_fen,
    sum(handling_fen)::bigint as handling_fen,
    sum(damage_fen)::bigint as damage_fen,
    coalesce(sum(goods_fen), 0)::bigint as goods_fen
from with_goods
group by place
order by place asc nulls last
