-- Every use of a retention tool on a paid order, and what became of the order, as far as it was known at a moment.
-- An order whose sale was already lost when the tool was used is no use of it; a price cut loses no sale.
-- Grain: one row a shop, order_id and tool.
-- Columns: shop, order_id, tool, paid_at, product, streamer, week (Monday of the payment),
--   touched_at (the use, else the export that first shows it, else the payment), timing (exact, listed, paid, none: how that
--   moment is known), is_order_coupon (the shop's discount on the order), outcome (granted, refused, null), was_shipped (at the
--   use), is_mature (the horizon and three days have passed since), state (open, kept, lost), lost_stage, lost_at,
--   receivable_fen, refund_fen, loss_fen (sales and hidden of its finished cases), has_unknown (a part of that is),
--   fees_fen, goods_fen, sent_fen (freight out, packing, premium), cost_fen (what the tool paid out; null where no file says)
with
chosen_shops as (
    select shop, least(coalesce($as_of::timestamp, data_end_at), data_end_at) as end_at
    from staging.data_ends
    where list_contains($shops, shop)
),

orders as (
    select
        lines.shop,
        lines.order_key as order_id,
        lines.tool as tools,
        chosen_shops.end_at,
        min(lines.paid_at) as paid_at,
        arg_min(lines.product, lines.line_no) as product,
        arg_min(lines.streamer, lines.line_no) as streamer,
        min(lines.shipped_at) as shipped_at,
        bool_or(lines.is_order_shipped) as is_shipped_now,
        max(lines.order_receivable_fen) as receivable_fen,
        coalesce(max(lines.fees_fen), 0) as fees_fen,
        coalesce(sum((lines.goods_ufen + 500000) // 1000000), 0)::bigint as goods_fen,
        coalesce(max(lines.freight_fen + lines.packing_fen), 0) as parcel_fen,
        coalesce(max(lines.premium_fen), 0) as premium_fen
    from (
        select *
        from (select *, paid_at as clock_at from marts.lines) as dated_lines
        where is_paid
            and tool <> 'none'
            and ($first_day is null or paid_at >= $first_day::date)
            and ($last_day is null or paid_at < $last_day::date + interval 1 day)
            {filters}
    ) as lines
    inner join chosen_shops on chosen_shops.shop = lines.shop
    where lines.paid_at <= chosen_shops.end_at
    group by lines.shop, lines.order_key, lines.tool, chosen_shops.end_at
),

terms as (
    select shop, order_id, discount_fen
    from staging.order_terms
    where discount_fen > 0
),

marks as (
    select shop, order_id, tool, used_at, seen_at, outcome, amount_fen
    from staging.tool_marks
),

uses as (
    select orders.*, unnest(string_split(orders.tools, '+')) as tool
    from orders
),

dated as (
    select
        uses.*,
        marks.used_at,
        marks.seen_at,
        marks.outcome,
        uses.tool = 'coupon' and marks.shop is null as is_order_coupon,
        case
            when marks.used_at is not null then marks.used_at
            when uses.tool = 'coupon' and marks.shop is null then uses.paid_at
            when marks.seen_at is not null then greatest(marks.seen_at, uses.paid_at)
        end as known_at,
        case
            when marks.used_at is not null then 'exact'
            when uses.tool = 'coupon' and marks.shop is null then 'paid'
            when marks.seen_at is not null then 'listed'
            else 'none'
        end as timing,
        case
            when uses.tool = 'coupon' and (marks.amount_fen is not null or terms.discount_fen is not null)
                then coalesce(marks.amount_fen, 0) + coalesce(terms.discount_fen, 0)
            else marks.amount_fen
        end as cost_fen
    from uses
    left join marks on marks.shop = uses.shop and marks.order_id = uses.order_id and marks.tool = uses.tool
    left join terms on uses.tool = 'coupon' and terms.shop = uses.shop and terms.order_id = uses.order_id
    where uses.tool <> 'small_payment' or marks.shop is not null
),

touched as (
    select
        * exclude (known_at),
        coalesce(known_at, paid_at) as touched_at,
        end_at >= coalesce(known_at, paid_at)
        + interval 1 day * (3 + case when tool in ('urge_ship', 'priority_ship') then 15 else 30 end) as is_mature
    from dated
    -- A list is exported after the last event that any file tells of: only an earlier moment asked for leaves uses out.
    where $as_of is null or coalesce(known_at, paid_at) <= $as_of::timestamp
),

-- One case of several lines is one loss of the sale; what it costs adds up over its lines.
cases as (
    select
        ledger.shop,
        ledger.order_key,
        ledger.case_id,
        min(ledger.stage) as stage,
        min(ledger.finished_at) as finished_at,
        min(ledger.applied_at) as applied_at,
        bool_or(ledger.is_open) as is_open,
        bool_or(ledger.loses_sale) as loses_sale,
        sum(case when not ledger.is_open then ledger.sales_fen else 0 end)::bigint as sales_fen,
        sum(
            case
                when ledger.is_open then 0
                else ledger.sales_fen + ledger.acquisition_fen + ledger.logistics_fen + ledger.handling_fen + ledger.damage_fen
            end
        )::bigint as loss_fen,
        bool_or(not ledger.is_open and ledger.has_unknown) as has_unknown
    from marts.ledger as ledger
    where list_contains($shops, ledger.shop) and not ledger.is_unmatched
    group by ledger.shop, ledger.order_key, ledger.case_id
),

-- A case without a finish time counts as known; one that finished later was still open.
met as (
    select
        touched.shop,
        touched.order_id,
        touched.tool,
        cases.stage,
        cases.finished_at,
        cases.sales_fen,
        cases.loss_fen,
        cases.has_unknown,
        not cases.is_open and (cases.finished_at is null or cases.finished_at <= touched.end_at) as is_finished,
        cases.loses_sale,
        cases.loses_sale and cases.finished_at <= touched.touched_at as is_before,
        cases.is_open or cases.finished_at > touched.end_at as was_open
    from touched
    inner join cases on cases.shop = touched.shop and cases.order_key = touched.order_id
    where cases.applied_at is null or cases.applied_at <= touched.end_at
),

ends as (
    select
        shop,
        order_id,
        tool,
        bool_or(is_finished and is_before) as is_lost_before,
        bool_or(is_finished and loses_sale) as is_lost,
        bool_or(was_open) as is_open,
        min(case when is_finished and loses_sale then finished_at end) as lost_at,
        arg_min(
            case when is_finished and loses_sale then stage end,
            case when is_finished and loses_sale then coalesce(finished_at, timestamp '9999-01-01') end
        ) as lost_stage,
        sum(case when is_finished then sales_fen else 0 end)::bigint as refund_fen,
        sum(case when is_finished then loss_fen else 0 end)::bigint as loss_fen,
        bool_or(is_finished and has_unknown) as has_unknown
    from met
    group by shop, order_id, tool
)

select
    touched.shop,
    touched.order_id,
    touched.tool,
    touched.paid_at,
    touched.product,
    touched.streamer,
    date_trunc('week', touched.paid_at)::date as week,
    touched.touched_at,
    touched.timing,
    touched.is_order_coupon,
    touched.outcome,
    coalesce(touched.shipped_at <= touched.touched_at, touched.is_shipped_now and touched.shipped_at is null) as was_shipped,
    touched.is_mature,
    case
        when coalesce(ends.is_lost, false) then 'lost'
        when touched.is_mature
            and not coalesce(ends.is_open, false)
            and coalesce(touched.shipped_at <= touched.end_at, touched.is_shipped_now)
            then 'kept'
        else 'open'
    end as state,
    case when ends.is_lost then ends.lost_stage end as lost_stage,
    ends.lost_at,
    touched.receivable_fen,
    coalesce(ends.refund_fen, 0) as refund_fen,
    coalesce(ends.loss_fen, 0) as loss_fen,
    coalesce(ends.has_unknown, false) as has_unknown,
    touched.fees_fen,
    touched.goods_fen,
    touched.parcel_fen + touched.premium_fen as sent_fen,
    touched.cost_fen
from touched
left join ends on ends.shop = touched.shop and ends.order_id = touched.order_id and ends.tool = touched.tool
where not coalesce(ends.is_lost_before, false)
