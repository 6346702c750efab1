-- The lines of the account are the paid order lines of the facts, no more money and no less. Failing: a shop where they differ.
with
shown as (
    select shop, count(*) as line_count, sum(paid_fen)::bigint as paid_fen
    from marts.lines
    where is_paid
    group by shop
),

stored as (
    select shop, count(*) as line_count, sum(coalesce(order_lines.paid_fen, 0))::bigint as paid_fen
    from order_lines
    where (shop, order_id) in (select (shop, order_id) from order_lines where paid_at is not null)
    group by shop
)

select
    coalesce(shown.shop, stored.shop) as shop,
    shown.line_count as shown_count,
    stored.line_count as stored_count,
    shown.paid_fen as shown_fen,
    stored.paid_fen as stored_fen
from shown
full join stored on stored.shop = shown.shop
where shown.line_count is distinct from stored.line_count or shown.paid_fen is distinct from stored.paid_fen
