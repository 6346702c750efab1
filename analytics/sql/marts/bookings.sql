-- What files book to an order, added up; null where no file books any of its kind.
-- Grain: one row a shop and order_key with anything booked.
-- Columns:
--   shop, order_key: key
--   return_freight_fen, penalty_fen: fund flow; a compensation sum that is itself a cost is among the penalties
--   compensation_fen: what the platform paid the merchant, not negative
--   flow_kept_fees_fen: service fees and commissions clawed back (fund flow)
--   premium_fen: freight insurance that the merchant bears
--   settled_fees_fen, settled_kept_fees_fen: settlement without and with other fees
--   small_payment_fen, postage_payment_fen: small payments, those called postage apart
with
sums as (
    select
        shop,
        order_key,
        sum(case when books = 'return_freight' then amount_fen end)::bigint as return_freight_fen,
        sum(case when books = 'penalty' then amount_fen end)::bigint as booked_penalty_fen,
        sum(case when books = 'compensation' then amount_fen end)::bigint as compensation_cost_fen,
        sum(case when books = 'kept_fee' then amount_fen end)::bigint as flow_kept_fees_fen,
        sum(case when books = 'premium' then amount_fen end)::bigint as premium_fen,
        sum(case when books = 'fees' then amount_fen end)::bigint as settled_fees_fen,
        sum(case when books = 'kept_fees' then amount_fen end)::bigint as settled_kept_fees_fen,
        sum(case when books = 'small_payment' then amount_fen end)::bigint as small_payment_fen,
        sum(case when books = 'postage_payment' then amount_fen end)::bigint as postage_payment_fen
    from staging.booked_amounts
    group by shop, order_key
)

select
    shop,
    order_key,
    return_freight_fen,
    case
        when compensation_cost_fen > 0 then coalesce(booked_penalty_fen, 0) + compensation_cost_fen
        else booked_penalty_fen
    end as penalty_fen,
    greatest(-coalesce(compensation_cost_fen, 0), 0) as compensation_fen,
    flow_kept_fees_fen,
    premium_fen,
    settled_fees_fen,
    settled_kept_fees_fen,
    small_payment_fen,
    postage_payment_fen
from sums
