-- What is missing or suspicious in the account, counted and with the money it touches: the rows of each finding, added up. What
-- a finding is stands in its own file, health_<finding>.sql.
-- Grain: one row a finding and detail.
-- Columns: finding, detail (a word or component, else ''), item_count, amount_fen (null where money says nothing)
with
items as (
    select 1 as place, 'unmatched_cases' as finding, detail, amount_fen
    from (
{unmatched_cases}
    ) as unmatched_cases
    union all
    select 2 as place, 'inferred_cases' as finding, detail, amount_fen
    from (
{inferred_cases}
    ) as inferred_cases
    union all
    select 3 as place, 'inferred_at_most' as finding, detail, amount_fen
    from (
{inferred_at_most}
    ) as inferred_at_most
    union all
    select 4 as place, 'refunded_above_receivable' as finding, detail, amount_fen
    from (
{refunded_above_receivable}
    ) as refunded_above_receivable
    union all
    select 5 as place, 'refunded_yet_shipped_afterwards' as finding, detail, amount_fen
    from (
{refunded_yet_shipped_afterwards}
    ) as refunded_yet_shipped_afterwards
    union all
    select 6 as place, 'undated_cases' as finding, detail, amount_fen
    from (
{undated_cases}
    ) as undated_cases
    union all
    select 7 as place, 'noted_refunds' as finding, detail, amount_fen
    from (
{noted_refunds}
    ) as noted_refunds
    union all
    select 8 as place, 'flows_not_booked' as finding, detail, amount_fen
    from (
{flows_not_booked}
    ) as flows_not_booked
    union all
    select 9 as place, 'flows_not_understood' as finding, detail, amount_fen
    from (
{flows_not_understood}
    ) as flows_not_understood
    union all
    select 10 as place, 'unallocated_ad_spend' as finding, detail, amount_fen
    from (
{unallocated_ad_spend}
    ) as unallocated_ad_spend
    union all
    -- The money of a word's rows may stand under other words and findings too: health_words tells it, no sum may hold it.
    select 11 as place, 'unknown_word' as finding, detail, null::bigint as amount_fen
    from (
{unknown_word}
    ) as unknown_word
    union all
    select 12 as place, 'unknown_component' as finding, detail, amount_fen
    from (
{unknown_component}
    ) as unknown_component
)

select finding, detail, count(*) as item_count, sum(amount_fen)::bigint as amount_fen
from items
group by place, finding, detail
order by place asc nulls last, item_count desc nulls last, detail asc nulls last
