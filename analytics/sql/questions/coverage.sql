-- What is missing or suspicious in the account, counted and with the money it touches.
-- Grain: one row a finding and detail.
-- Columns: finding, detail (a word or component, else ''), item_count, amount_fen (null where money says nothing)
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

chosen as (
    select *
    from marts.ledger
    where not is_open and shop in (select shop from chosen_shops)
),

refunded as (
    select shop, order_key, sum(sales_actual_fen) as refunded_fen
    from chosen
    where gives_money_back and not is_unmatched
    group by shop, order_key
),

orders as (
    select shop, order_key, order_receivable_fen, freight_fen, packing_fen
    from marts.lines
    where line_no = 1 and not is_unmatched and shop in (select shop from chosen_shops)
),

-- Given back in full before shipment, and shipped all the same.
shipped_afterwards as (
    select distinct chosen.shop, chosen.order_key
    from chosen
    inner join marts.lines as lines
        on lines.shop = chosen.shop and lines.order_key = chosen.order_key and lines.line_ref = chosen.line_ref
    where chosen.is_refund
        and chosen.line_stage = 'before_shipment'
        and chosen.share_fen = chosen.receivable_fen
        and chosen.receivable_fen > 0
        and lines.shipped_at > chosen.finished_at
),

findings as (
    select 1 as place, 'unmatched_cases' as finding, '' as detail, count(distinct shop || chr(31) || case_id) as item_count,
        sum(refund_fen) as amount_fen
    from chosen
    where is_unmatched
    union all
    select 2 as place, 'inferred_cases' as finding, '' as detail, count(*) as item_count, sum(refund_fen) as amount_fen
    from chosen
    where is_inferred
    union all
    select 3 as place, 'inferred_at_most' as finding, '' as detail, count(*) as item_count, sum(receivable_fen) as amount_fen
    from chosen
    where is_inferred and refund_fen is null
    union all
    select 4 as place, 'refunded_above_receivable' as finding, '' as detail, count(*) as item_count,
        sum(refunded.refunded_fen - orders.order_receivable_fen) as amount_fen
    from refunded
    inner join orders on orders.shop = refunded.shop and orders.order_key = refunded.order_key
    where refunded.refunded_fen > orders.order_receivable_fen
    union all
    select 5 as place, 'refunded_yet_shipped_afterwards' as finding, '' as detail, count(*) as item_count,
        sum(coalesce(orders.freight_fen, 0) + coalesce(orders.packing_fen, 0)) as amount_fen
    from shipped_afterwards
    inner join orders on orders.shop = shipped_afterwards.shop and orders.order_key = shipped_afterwards.order_key
    union all
    select 6 as place, 'undated_cases' as finding, '' as detail, count(distinct shop || chr(31) || case_id) as item_count,
        sum(refund_fen) as amount_fen
    from chosen
    where finished_at is null
    union all
    select 7 as place, 'noted_refunds' as finding, '' as detail, count(*) as item_count, null as amount_fen
    from staging.order_lines
    where is_refund_noted and shop in (select shop from chosen_shops)
    union all
    select 8 as place, 'flows_not_booked' as finding, coalesce(remark_word, '') as detail, count(*) as item_count,
        sum(cost_fen) as amount_fen
    from staging.fund_flows
    where (order_key is null or books is null) and shop in (select shop from chosen_shops)
    group by coalesce(remark_word, '')
    union all
    select 9 as place, 'unknown_word' as finding, field || ' ' || word as detail, sum(row_count) as item_count, null as amount_fen
    from staging.unknown_words
    where shop in (select shop from chosen_shops)
    group by field, word
    union all
    select 10 as place, 'unknown_component' as finding, 'sales' as detail, count(*) as item_count, null as amount_fen
    from chosen
    where is_refund and is_sales_unknown
    union all
    select 11 as place, 'unknown_component' as finding, 'acquisition' as detail, count(*) as item_count, null as amount_fen
    from chosen
    where is_refund and is_acquisition_unknown
    union all
    select 12 as place, 'unknown_component' as finding, 'logistics' as detail, count(*) as item_count, null as amount_fen
    from chosen
    where is_refund and is_logistics_unknown
    union all
    select 13 as place, 'unknown_component' as finding, 'handling' as detail, count(*) as item_count, null as amount_fen
    from chosen
    where is_refund and is_handling_unknown
    union all
    select 14 as place, 'unknown_component' as finding, 'damage' as detail, count(*) as item_count, null as amount_fen
    from chosen
    where is_refund and is_damage_unknown
)

select finding, detail, item_count::bigint as item_count, amount_fen::bigint as amount_fen
from findings
where item_count > 0
order by place asc nulls last, item_count desc nulls last, detail asc nulls last
