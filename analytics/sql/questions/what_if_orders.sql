-- The paid orders of one line without a finished case, those of one price together: nothing but their number is lost by that.
-- Grain: one row a combination of the columns before order_count.
-- Columns: shop, product, product_id, streamer, province_name (null while no setting names one), paid_on, sent_on (first day of
--   the span in which no setting changes), is_order_shipped, has_spend, has_cost, is_booked, is_settled, paid_fen, receivable_fen,
--   order_count, spend_fen, cost_fen, premium_fen, settled_fees_fen, commission_fen, small_payment_fen (sums)
with
spans as (
    select cut as since, coalesce(lead(cut) over (order by cut asc nulls last), date '9999-12-31') as until
    from (select unnest($cuts::date[]) as cut) as cuts
),

with_cases as (
    select distinct shop, order_key
    from marts.ledger
    where not is_open
),

plain as (
    select
        lines.*,
        coalesce(lines.paid_at::date, date '1970-01-01') as paid_on,
        coalesce(lines.shipped_at::date, lines.paid_at::date, date '1970-01-01') as sent_on
    from marts.lines as lines
    left join with_cases on with_cases.shop = lines.shop and with_cases.order_key = lines.order_key
    where with_cases.shop is null
        and lines.is_paid
        and lines.line_count = 1
        and list_contains($shops, lines.shop)
        and ($first_day is null or lines.paid_at >= $first_day::date)
        and ($last_day is null or lines.paid_at < $last_day::date + interval 1 day)
)

select
    plain.shop,
    plain.product,
    plain.product_id,
    plain.streamer,
    if($by_province, plain.province_name, null) as province_name,
    paid_spans.since as paid_on,
    sent_spans.since as sent_on,
    plain.is_order_shipped,
    plain.acquisition_doubt = 0 as has_spend,
    plain.goods_doubt = 0 as has_cost,
    bookings.premium_fen is not null as is_booked,
    bookings.settled_fees_fen is not null as is_settled,
    plain.paid_fen,
    plain.receivable_fen,
    count(*) as order_count,
    coalesce(sum(if(plain.acquisition_doubt = 0, plain.acquisition_ufen // 1000000, 0)), 0)::bigint as spend_fen,
    coalesce(sum(if(plain.goods_doubt = 0, plain.goods_ufen // 1000000, 0)), 0)::bigint as cost_fen,
    coalesce(sum(bookings.premium_fen), 0)::bigint as premium_fen,
    coalesce(sum(bookings.settled_fees_fen), 0)::bigint as settled_fees_fen,
    sum(plain.commission_fen)::bigint as commission_fen,
    sum(coalesce(bookings.small_payment_fen, 0) + coalesce(bookings.postage_payment_fen, 0))::bigint as small_payment_fen
from plain
inner join spans as paid_spans on plain.paid_on >= paid_spans.since and plain.paid_on < paid_spans.until
inner join spans as sent_spans on plain.sent_on >= sent_spans.since and plain.sent_on < sent_spans.until
left join marts.bookings as bookings on bookings.shop = plain.shop and bookings.order_key = plain.order_key
group by all
order by all
