-- The orders of the urge-to-ship list as the data alone knows them: paid orders none of whose goods have left, that were urged, are past or near
-- their promise, or are to ship first because the platform talked the buyer out of a refund.
-- An order is gone from the list (已不在列表) when it stood on an urge list of its shop and a newer one, drawn after every sign
-- of an urge there is of it, does not hold it. A list drawn at an unknown time takes no order away, and what only such a list
-- holds is as young as its loading. Lists drawn within $parts_minutes of each other that share no order are parts of one.
-- Grain: one row a shop and order_id.
-- Columns:
--   shop, order_id: key
--   product, sku: of the order's first line, as the account groups them; product_name, spec, quantity: as exported
--   line_count, streamer, streamer_name, province, channel, warehouse
--   paid_at, ship_by: earliest of the lines
--   paid_fen, receivable_fen: of the order
--   is_urged, is_priority: tabs; is_promise: past the promise or less than $near_seconds from it, though not urged
--   urges, last_urged_at: null unless a file has them
--   first_urged_at: earliest time known of an urge: its own, or the export that first shows it
--   is_gone: a newer urge list no longer holds it
--   is_refund_open, is_refunded: a case that gives money back, price cuts aside, is open or has succeeded
--   is_after_sales_unknown: no case is known, and a line says a word of after-sales that nobody has given a meaning
with
lines as (
    select *
    from marts.lines
    where is_paid and not is_order_shipped and list_contains($shops, shop)
),

details as (
    select
        lines.shop,
        lines.order_key,
        lines.line_no,
        lines.line_count,
        lines.product,
        lines.sku,
        lines.streamer,
        lines.province,
        lines.channel,
        lines.tool,
        lines.paid_at,
        lines.paid_fen,
        lines.order_receivable_fen,
        exported.product_name,
        exported.spec,
        exported.quantity,
        exported.streamer_name,
        exported.warehouse,
        exported.ship_by,
        exported.after_sales,
        exported.is_after_sales_unknown,
        exported.status is distinct from 'closed' as is_wanted,
        coalesce(not exported.is_shipped, false) as is_waiting
    from lines
    inner join staging.order_lines as exported
        on exported.shop = lines.shop and exported.order_id = lines.order_id and exported.line_ref = lines.line_ref
    where exported.shipped_at is null  -- says nothing new of these orders, and leaves most of the others unread
),

orders as (
    select
        shop,
        order_key,
        max(line_count) as line_count,
        min(paid_at) as paid_at,
        min(ship_by) as ship_by,
        sum(paid_fen)::bigint as paid_fen,
        max(order_receivable_fen) as receivable_fen,
        bool_or(tool like '%urge_ship%') as is_urged,
        bool_or(tool like '%priority_ship%') as is_priority,
        bool_or(after_sales = 'open') as says_refund_open,
        bool_or(is_after_sales_unknown) as says_unknown
    from details
    group by shop, order_key
    having bool_and(is_waiting) and bool_or(is_wanted)
),

listed as (
    select
        *,
        not is_urged and ship_by <= $now::timestamp + to_seconds($near_seconds) as is_promise
    from orders
    where is_urged or is_priority or ship_by <= $now::timestamp + to_seconds($near_seconds)
),

newest_lists as (
    select shop, max(exported_at) as exported_at
    from staging.order_files
    where list_kind = 'urge_ship'
    group by shop
),

list_rows as (
    select distinct signs.shop, signs.load_id, files.exported_at, signs.not_after, signs.order_id
    from staging.urge_signs as signs
    inner join staging.order_files as files on files.shop = signs.shop and files.load_id = signs.load_id
    where signs.is_listed and list_contains($shops, signs.shop)
),

-- A list and one drawn soon after it that shares an order with it: no part of it, but its successor.
successors as (
    select older.shop, older.load_id, max(newer.exported_at) as exported_at
    from list_rows as older
    inner join list_rows as newer
        on newer.shop = older.shop
        and newer.order_id = older.order_id
        and newer.exported_at > older.not_after
        and newer.exported_at <= older.not_after + to_minutes($parts_minutes)
    group by older.shop, older.load_id
),

cases as (
    select
        ledger.shop,
        ledger.order_key,
        bool_or(ledger.is_open and ledger.stage not in ('price_cut', 'exchanged', 'reshipped')) as is_refund_open,
        bool_or(ledger.loses_sale) as is_refunded
    from marts.ledger as ledger
    inner join listed on listed.shop = ledger.shop and listed.order_key = ledger.order_key
    group by ledger.shop, ledger.order_key
)

select
    listed.shop,
    listed.order_key as order_id,
    details.product,
    details.sku,
    details.product_name,
    details.spec,
    details.quantity,
    listed.line_count,
    details.streamer,
    details.streamer_name,
    details.province,
    details.channel,
    details.warehouse,
    listed.paid_at,
    listed.ship_by,
    listed.paid_fen,
    listed.receivable_fen,
    listed.is_urged,
    listed.is_priority,
    coalesce(listed.is_promise, false) as is_promise,
    urged.urges,
    urged.last_urged_at,
    urged.first_urged_at,
    coalesce(
        urged.last_list is not null
        and newest_lists.exported_at > urged.last_sign_at
        and (
            newest_lists.exported_at > urged.listed_at + to_minutes($parts_minutes)
            or successors.exported_at > urged.last_sign_at
        ),
        false
    ) as is_gone,
    coalesce(cases.is_refund_open, cases.shop is null and listed.says_refund_open, false) as is_refund_open,
    coalesce(cases.is_refunded, false) as is_refunded,
    cases.shop is null and listed.says_unknown as is_after_sales_unknown
from listed
inner join details
    on details.shop = listed.shop and details.order_key = listed.order_key and details.line_no = 1
left join staging.urged_orders as urged on urged.shop = listed.shop and urged.order_id = listed.order_key
left join newest_lists on newest_lists.shop = listed.shop
left join successors on successors.shop = listed.shop and successors.load_id = urged.last_list
left join cases on cases.shop = listed.shop and cases.order_key = listed.order_key
order by
    listed.shop asc nulls last,
    listed.order_key asc nulls last
