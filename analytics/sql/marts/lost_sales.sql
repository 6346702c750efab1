-- Orders whose sale was lost: money went back for goods that did not stay sold.
-- Grain: one row a shop and order_key.
-- Columns:
--   shop, order_key: key
--   refunded_at: finish of the first such case that has one
--   refund_fen: money given back by all of them
--   is_undated: one of them has no finish time
select
    shop,
    order_key,
    min(finished_at) as refunded_at,
    sum(refund_fen)::bigint as refund_fen,
    bool_or(finished_at is null) as is_undated
from marts.ledger
where loses_sale
group by shop, order_key
