-- Fund flow whose remark is known but whose business number finds no order: it books nothing.
-- Grain: one row a booking.
-- Columns: detail (the remark's word), shop, order_id (the business number), case_id (null), item (the flow's type),
--   happened_at (booking), amount_fen (a cost is positive), load_id, source_sheet, source_row
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
)

select
    remark_word as detail,
    shop,
    business_no as order_id,
    null::varchar as case_id,
    flow_type as item,
    booked_at as happened_at,
    cost_fen as amount_fen,
    load_id,
    source_sheet,
    source_row
from staging.fund_flows
where order_key is null and books is not null and shop in (select shop from chosen_shops)
