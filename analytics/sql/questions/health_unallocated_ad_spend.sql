-- Days on which spend met no order of its channel or streamer, or none at all.
-- Grain: one row a shop and day.
-- Columns: detail (''), shop, order_id (null), case_id (null), item (the channel, where the day's spend has only one),
--   happened_at, amount_fen, load_id, source_sheet, source_row (of the day's last row of spend)
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

spread as (
    select acquisition.shop, lines.paid_at::date as spent_on, sum(acquisition.acquisition_fen)::bigint as spread_fen
    from marts.acquisition as acquisition
    inner join marts.lines as lines
        on lines.shop = acquisition.shop and lines.order_key = acquisition.order_key and lines.line_ref = acquisition.line_ref
    where acquisition.doubt = 0 and acquisition.shop in (select shop from chosen_shops)
    group by acquisition.shop, lines.paid_at::date
),

spend as (
    select
        shop,
        spent_on,
        sum(amount_fen)::bigint as amount_fen,
        case when min(channel) = max(channel) then nullif(max(channel), '') end as channel,
        max(load_id) as load_id
    from staging.ad_spend
    where shop in (select shop from chosen_shops)
    group by shop, spent_on
),

sources as (
    select shop, spent_on, load_id, max(source_sheet) as source_sheet, max(source_row) as source_row
    from staging.ad_spend
    where shop in (select shop from chosen_shops)
    group by shop, spent_on, load_id
)

select
    '' as detail,
    spend.shop,
    null::varchar as order_id,
    null::varchar as case_id,
    spend.channel as item,
    spend.spent_on::timestamp as happened_at,
    spend.amount_fen - coalesce(spread.spread_fen, 0) as amount_fen,
    spend.load_id,
    sources.source_sheet,
    sources.source_row
from spend
left join spread on spread.shop = spend.shop and spread.spent_on = spend.spent_on
left join sources
    on sources.shop = spend.shop and sources.spent_on = spend.spent_on and sources.load_id = spend.load_id
where spend.amount_fen <> coalesce(spread.spread_fen, 0)
