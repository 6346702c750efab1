-- What lists, columns and small payments say of a retention tool's use on an order; an order's own discount is not among them.
-- Grain: one row a shop, order_id and tool.
-- Columns:
--   shop, order_id, tool: key
--   used_at: earliest time of the use itself; null when no source knows one. A count above one tells of a later use, not the first
--   seen_at: earliest export that shows it
--   use_count: highest count seen
--   outcome: meaning of the outcome written down last: granted, refused; null without one that is understood
--   amount_fen: what was paid out with it; null where no file says
with
listed as (
    select
        sightings.shop,
        sightings.order_id,
        sightings.tool,
        min(case when coalesce(sightings.use_count, 1) <= 1 then sightings.tagged_at end) as used_at,
        min(sightings.seen_at) as seen_at,
        max(sightings.use_count) as use_count,
        arg_max(outcomes.meaning, coalesce(sightings.tagged_at, sightings.seen_at, timestamp '1970-01-01')) as outcome
    from main.tag_sightings as sightings
    left join staging.words as outcomes
        on outcomes.field = 'tool_outcome' and outcomes.word = sightings.outcome
    group by sightings.shop, sightings.order_id, sightings.tool
),

-- The same list loaded twice says the same amount at the same time.
amounts as (
    select shop, order_id, tool, sum(amount_fen)::bigint as amount_fen
    from (select distinct shop, order_id, tool, tagged_at, amount_fen from main.tag_sightings where amount_fen is not null) as told
    group by shop, order_id, tool
),

-- Postage paid back on goods that came back is the return's freight, not the tool (ledger §2).
returned as (
    select distinct shop, order_key
    from staging.cases
    where coalesce(return_no, '') <> ''
),

paid_out as (
    select
        payments.shop,
        payments.order_key as order_id,
        'small_payment' as tool,
        min(payments.paid_at) as used_at,
        sum(payments.amount_fen)::bigint as amount_fen
    from staging.small_payments as payments
    left join returned
        on payments.is_postage and returned.shop = payments.shop and returned.order_key = payments.order_key
    where returned.shop is null
    group by payments.shop, payments.order_key
)

select
    coalesce(listed.shop, paid_out.shop) as shop,
    coalesce(listed.order_id, paid_out.order_id) as order_id,
    coalesce(listed.tool, paid_out.tool) as tool,
    coalesce(paid_out.used_at, listed.used_at) as used_at,
    listed.seen_at,
    listed.use_count,
    listed.outcome,
    coalesce(paid_out.amount_fen, amounts.amount_fen) as amount_fen
from listed
left join amounts
    on amounts.shop = listed.shop and amounts.order_id = listed.order_id and amounts.tool = listed.tool
full outer join paid_out
    on paid_out.shop = listed.shop and paid_out.order_id = listed.order_id and paid_out.tool = listed.tool
