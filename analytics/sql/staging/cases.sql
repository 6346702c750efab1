-- After-sales cases as the newest file says, with their words understood.
-- Grain: one row a shop and case_id.
-- Columns:
--   shop, case_id: key
--   order_id: '' where the row names none
--   order_key: the order id, else the case stands for an order of its own
--   load_id, source_sheet, source_row: where the row comes from
--   line_id, product_id, product_name, sku, spec: the line that the case names
--   order_created_at, order_paid_fen, order_status, tells_shipment, out_tracking_no: what the row says of its order
--   kind: refund_only, return_refund, exchange, reship, price_protection, 未识别; null without a word
--   state: succeeded, failed, ended (finished, but its word is unknown), open
--   reason, refund_fen, applied_at, finished_at: as exported
--   return_no: null where the file has no such column
with
understood as (
    select
        cases.*,
        kinds.meaning as kind_meaning,
        statuses.meaning as status_meaning,
        order_statuses.meaning as order_status_meaning
    from main.cases as cases
    left join staging.words as kinds
        on kinds.field = 'case_kind' and kinds.word = cases.kind_word
    left join staging.words as statuses
        on statuses.field = 'case_status' and statuses.word = cases.status_word
    left join staging.words as order_statuses
        on order_statuses.field = 'order_status' and order_statuses.word = cases.order_status
)

select
    shop,
    case_id,
    order_id,
    case when order_id = '' then 'case:' || case_id else order_id end as order_key,
    load_id,
    source_sheet,
    source_row,
    line_id,
    product_id,
    product_name,
    sku,
    spec,
    order_created_at,
    order_paid_fen,
    order_status_meaning as order_status,
    case when order_status is not null or out_tracking_no is not null then true else false end as tells_shipment,
    out_tracking_no,
    case when coalesce(kind_word, '') = '' then null else coalesce(kind_meaning, '未识别') end as kind,
    case
        when status_meaning in ('succeeded', 'failed', 'open') then status_meaning
        when finished_at is not null then 'ended'
        else 'open'
    end as state,
    nullif(reason, '') as reason,
    refund_fen,
    applied_at,
    finished_at,
    return_no
from understood
