-- What is spread of advertising spend adds up to what was spent on days, channels and streamers that have orders. Failing: a day of
-- a shop where it does not.
with
reached as (
    select
        spend.shop,
        spend.spent_on,
        spend.channel,
        spend.streamer_id,
        spend.spend_type,
        any_value(spend.amount_fen) as amount_fen,
        sum(lines.order_receivable_fen) as receivable_fen
    from staging.ad_spend as spend
    inner join marts.numbered_lines as lines
        on lines.shop = spend.shop
        and lines.paid_at::date = spend.spent_on
        and spend.channel in ('', lines.channel)
        and spend.streamer_id in ('', lines.streamer_id)
    where lines.line_no = 1 and not lines.is_unmatched
    group by spend.shop, spend.spent_on, spend.channel, spend.streamer_id, spend.spend_type
),

spent as (
    select shop, spent_on, sum(amount_fen)::bigint as spent_fen
    from reached
    where receivable_fen > 0
    group by shop, spent_on
),

spread as (
    select lines.shop, lines.paid_at::date as spent_on, sum(acquisition.acquisition_fen)::bigint as spread_fen
    from marts.acquisition as acquisition
    inner join marts.numbered_lines as lines
        on lines.shop = acquisition.shop
        and lines.order_key = acquisition.order_key
        and lines.line_ref = acquisition.line_ref
    where acquisition.doubt = 0
    group by lines.shop, lines.paid_at::date
)

select shop, spent_on, coalesce(spent.spent_fen, 0) as spent_fen, coalesce(spread.spread_fen, 0) as spread_fen
from spent
full join spread using (shop, spent_on)
where coalesce(spent.spent_fen, 0) <> coalesce(spread.spread_fen, 0)
