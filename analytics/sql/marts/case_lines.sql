-- Cases on the lines they belong to, each with its part of the refund: matched cases, unmatched ones on the pseudo-line of their
-- own row, and inferred ones (the order's own export tells of a refund and no case of it is loaded).
-- Grain: one row a shop, case_id and line_ref.
-- Columns:
--   shop, case_id, line_ref: key
--   order_key, line_no
--   line_part_count, order_part_count: lines that the case is on; rows of this mart that its order has
--   case_rank: place of the case among all cases of its order: finished before open, then by time, then by id
--   is_inferred, is_unmatched
--   load_id, source_sheet, source_row: where the case comes from
--   kind, state, reason, applied_at, finished_at, return_no: of the case
--   takes_refund: gives money back, or would: succeeded or open, neither exchange nor reship
--   case_refund_fen: refund of the whole case as its row says; null when its amount is unknown
--   refund_fen: the part on this line of what the case gives back
--   is_lead: the line with the largest part; it bears what is charged once
with recursive
matched as (
    select
        cases.shop,
        cases.order_key,
        cases.case_id,
        false as is_inferred,
        lines.is_unmatched,
        cases.load_id,
        cases.source_sheet,
        cases.source_row,
        cases.kind,
        cases.state,
        cases.reason,
        cases.applied_at,
        cases.finished_at,
        cases.return_no,
        cases.refund_fen as case_refund_fen,
        lines.line_ref,
        lines.line_no,
        lines.line_count,
        case
            when lines.line_count = 1 then 1
            when cases.line_id <> '' and cases.line_id = lines.line_id then 1
            when cases.product_id <> '' and cases.product_id = lines.product_id and cases.sku = lines.sku_code then 2
            when cases.product_id <> '' and cases.product_id = lines.product_id then 3
            else 4
        end as closeness
    from staging.cases as cases
    inner join marts.lines as lines
        on lines.shop = cases.shop and lines.order_key = cases.order_key
    where not lines.is_unmatched or lines.line_ref = 'case:' || cases.case_id
),

closest as (
    select shop, case_id, closeness, count(*) as line_part_count
    from matched
    where line_count > 1
    group by shop, case_id, closeness
),

chosen as (
    select closest.shop, closest.case_id, closest.closeness, closest.line_part_count
    from closest
    left join closest as closer
        on closer.shop = closest.shop and closer.case_id = closest.case_id and closer.closeness < closest.closeness
    where closer.shop is null
),

named as (
    select matched.*, 1 as line_part_count
    from matched
    where matched.line_count = 1
    union all
    select matched.*, chosen.line_part_count
    from matched
    inner join chosen
        on chosen.shop = matched.shop and chosen.case_id = matched.case_id and chosen.closeness = matched.closeness
    where matched.line_count > 1
),

told as (
    select
        lines.shop,
        lines.order_key,
        'inferred:' || lines.order_key || '#' || lines.line_no::varchar as case_id,
        true as is_inferred,
        false as is_unmatched,
        lines.load_id,
        lines.source_sheet,
        lines.source_row,
        null::varchar as kind,
        'succeeded' as state,
        null::varchar as reason,
        null::timestamp as applied_at,
        null::timestamp as finished_at,
        null::varchar as return_no,
        lines.told_refund_fen as case_refund_fen,
        lines.line_ref,
        lines.line_no
    from marts.lines as lines
    where lines.tells_refund
        and not lines.is_unmatched
        and not exists (
            select 1
            from staging.cases as cases
            where cases.shop = lines.shop and cases.order_key = lines.order_key
        )
),

all_parts as (
    select
        shop, order_key, case_id, is_inferred, is_unmatched, load_id, source_sheet, source_row, kind, state, reason,
        applied_at, finished_at, return_no, case_refund_fen, line_ref, line_no, line_part_count
    from named
    union all
    select
        shop, order_key, case_id, is_inferred, is_unmatched, load_id, source_sheet, source_row, kind, state, reason,
        applied_at, finished_at, return_no, case_refund_fen, line_ref, line_no, 1 as line_part_count
    from told
),

ranked as (
    select
        *,
        dense_rank() over (
            partition by shop, order_key
            order by
                case when state = 'open' then 1 else 0 end asc nulls last,
                case when state = 'open' then applied_at else finished_at end asc nulls last,
                case_id asc nulls last
        ) as case_rank,
        count(*) over (partition by shop, order_key) as order_part_count,
        state in ('succeeded', 'open') and coalesce(kind, '') not in ('exchange', 'reship') as takes_refund
    from all_parts
),

-- Orders with a case that several lines share: their parts depend on what earlier cases left, case after case.
shared_orders as (
    select distinct shop, order_key
    from ranked
    where line_part_count > 1
),

shared_hits as (
    select
        ranked.shop,
        ranked.order_key,
        ranked.case_rank,
        ranked.line_no,
        if(ranked.takes_refund, ranked.case_refund_fen, 0) as amount_fen
    from ranked
    inner join shared_orders on shared_orders.shop = ranked.shop and shared_orders.order_key = ranked.order_key
),

shared_ends as (
    select shop, order_key, max(case_rank) as last_rank
    from shared_hits
    group by shop, order_key
),

spread as (
    select
        lines.shop,
        lines.order_key,
        lines.line_no,
        lines.receivable_fen,
        ends.last_rank,
        0::bigint as case_rank,
        lines.receivable_fen as left_fen,
        null::bigint as part_fen
    from marts.lines as lines
    inner join shared_ends as ends on ends.shop = lines.shop and ends.order_key = lines.order_key
    union all
    select
        shop,
        order_key,
        line_no,
        receivable_fen,
        last_rank,
        case_rank,
        left_fen - coalesce(part_fen, 0) as left_fen,
        part_fen
    from (
        select
            *,
            case
                when amount_fen is not null then (floor_fen + case when place <= spare_fen then 1 else 0 end)::bigint
            end as part_fen
        from (
            select
                *,
                amount_fen - sum(floor_fen) over (partition by shop, order_key) as spare_fen,
                row_number() over (
                    partition by shop, order_key
                    order by remainder desc nulls last, line_no asc nulls last
                ) as place
            from (
                select
                    *,
                    amount_fen::hugeint * weight // nullif(total_weight, 0) as floor_fen,
                    amount_fen::hugeint * weight % nullif(total_weight, 0) as remainder
                from (
                    select *, sum(weight) over (partition by shop, order_key) as total_weight
                    from (
                        select
                            *,
                            case
                                when not is_hit then 0
                                when hit_left_fen > 0 then greatest(left_fen, 0)
                                when hit_receivable_fen > 0 then greatest(receivable_fen, 0)
                                when line_no = first_hit_no then 1
                                else 0
                            end as weight
                        from (
                            select
                                spread.shop,
                                spread.order_key,
                                spread.line_no,
                                spread.receivable_fen,
                                spread.last_rank,
                                spread.case_rank + 1 as case_rank,
                                spread.left_fen,
                                hits.amount_fen,
                                hits.shop is not null as is_hit,
                                sum(case when hits.shop is not null then greatest(spread.left_fen, 0) end) over whole_order
                                    as hit_left_fen,
                                sum(case when hits.shop is not null then greatest(spread.receivable_fen, 0) end) over whole_order
                                    as hit_receivable_fen,
                                min(case when hits.shop is not null then spread.line_no end) over whole_order as first_hit_no
                            from spread
                            left join shared_hits as hits
                                on hits.shop = spread.shop
                                and hits.order_key = spread.order_key
                                and hits.case_rank = spread.case_rank + 1
                                and hits.line_no = spread.line_no
                            where spread.case_rank < spread.last_rank
                            window whole_order as (partition by spread.shop, spread.order_key)
                        ) as met
                    ) as weighed
                ) as totalled
            ) as floored
        ) as placed
    ) as parted
),

with_parts as (
    select
        ranked.*,
        case
            when spread.shop is not null then spread.part_fen
            when ranked.takes_refund then ranked.case_refund_fen
            else 0
        end as refund_fen
    from ranked
    left join spread
        on spread.shop = ranked.shop
        and spread.order_key = ranked.order_key
        and spread.case_rank = ranked.case_rank
        and spread.line_no = ranked.line_no
),

leads as (
    select shop, case_id, line_ref
    from (
        select
            shop,
            case_id,
            line_ref,
            row_number() over (
                partition by shop, case_id
                order by refund_fen desc nulls last, line_no asc nulls last
            ) as place
        from with_parts
        where line_part_count > 1
    ) as placed
    where place = 1
)

select
    parts.shop,
    parts.case_id,
    parts.line_ref,
    parts.order_key,
    parts.line_no,
    parts.line_part_count,
    parts.order_part_count,
    parts.case_rank,
    parts.is_inferred,
    parts.is_unmatched,
    parts.load_id,
    parts.source_sheet,
    parts.source_row,
    parts.kind,
    parts.state,
    parts.reason,
    parts.applied_at,
    parts.finished_at,
    parts.return_no,
    parts.takes_refund,
    parts.case_refund_fen,
    parts.refund_fen,
    parts.line_part_count = 1 or leads.shop is not null as is_lead
from with_parts as parts
left join leads
    on leads.shop = parts.shop and leads.case_id = parts.case_id and leads.line_ref = parts.line_ref
