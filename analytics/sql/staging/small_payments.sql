-- Small payments to buyers, from order notes and from the fund flow, each counted once.
-- Grain: one row a shop, order_key, paid_at and amount_fen.
-- Columns:
--   shop, order_key, paid_at, amount_fen: key
--   is_postage: the note calls it postage (运费, 邮费)
with
noted as (
    select shop, order_id as order_key, paid_at, amount_fen, bool_or(is_postage) as is_postage
    from main.note_payments
    group by shop, order_id, paid_at, amount_fen
),

booked as (
    select distinct shop, order_key, booked_at as paid_at, cost_fen as amount_fen
    from staging.fund_flows
    where books = 'small_payment' and order_key is not null
),

-- The booking lags the note by seconds.
booked_and_noted as (
    select distinct booked.shop, booked.order_key, booked.paid_at, booked.amount_fen
    from booked
    inner join noted
        on noted.shop = booked.shop
        and noted.order_key = booked.order_key
        and noted.amount_fen = booked.amount_fen
        and abs(date_diff('second', noted.paid_at, booked.paid_at)) <= 600
),

booked_alone as (
    select booked.shop, booked.order_key, booked.paid_at, booked.amount_fen
    from booked
    left join booked_and_noted
        on booked_and_noted.shop = booked.shop
        and booked_and_noted.order_key = booked.order_key
        and booked_and_noted.paid_at = booked.paid_at
        and booked_and_noted.amount_fen = booked.amount_fen
    where booked_and_noted.shop is null
)

select shop, order_key, paid_at, amount_fen, is_postage
from noted
union all
select shop, order_key, paid_at, amount_fen, false as is_postage
from booked_alone
