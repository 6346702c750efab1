-- The cases of the shop. Grain: one row a case.
create or replace table shop_cases as
with
first_cases as (
    select
        *,
        1 as case_no,
        case
            when fate in ('returned', 'open') then '退货退款'
            when fate = 'exchanged' then '换货'
            when fate = 'reshipped' then '补寄'
            else '仅退款'
        end as kind_word,
        case
            when fate in ('price_cut', 'cut_then_returned') then receivable_fen // 5
            when fate = 'kept_twice' then receivable_fen * 3 // 5
            when fate in ('exchanged', 'reshipped') then 0
            when fate = 'returned' and draw(i, 'partial') < 0.15 then receivable_fen * 4 // 5
            else receivable_fen
        end as refund_fen,
        coalesce(if(fate = 'before', null, shipped_at), paid_at) as counted_from
    from shop
    where fate not in ('unpaid', 'none')
),

second_cases as (
    select
        * replace (
            2 as case_no,
            if(fate = 'kept_twice', '仅退款', '退货退款') as kind_word,
            receivable_fen - refund_fen as refund_fen,
            counted_from + interval 20 day as counted_from
        )
    from first_cases
    where fate in ('cut_then_returned', 'kept_twice')
),

applied as (
    select *, counted_from + to_seconds(3600 + floor(draw(i, 'apply') * 50000)::bigint) as applied_at
    from (from first_cases union all from second_cases) as cases
)

select
    *,
    3511000000000000 + (i * 2 + case_no) * 3 + 1 as case_id,
    case fate
        when 'failed' then '售后关闭'
        when 'open' then '待商家处理'
        when 'exchanged' then '换货成功'
        when 'reshipped' then '补寄成功'
        else '售后成功'
    end as status_word,
    case
        when fate = 'open' then null
        when fate = 'before' then applied_at + to_seconds(floor(draw(i, 'finish') * 50000)::bigint)
        else applied_at + to_seconds(86400 + floor(draw(i, 'finish') * 800000)::bigint)
    end as finished_at,
    case when fate in ('returned', 'exchanged') or (fate = 'cut_then_returned' and case_no = 2) then 'YT78' || lpad((i * 2 + case_no)::varchar, 11, '0') else '' end as return_no
from applied
