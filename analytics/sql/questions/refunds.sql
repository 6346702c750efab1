-- The finished cases one by one, with what each costs, where that comes from, and the line of the file that tells of it. With
-- filters on lines (product, sku, price band) a case shows what it costs on those lines.
-- Grain: one row a shop and case_id.
-- Columns: shop, order_id, case_id, kind, stage, share, paid_at, finished_at, refund_fen, sales_fen, acquisition_fen,
--   logistics_fen, handling_fen, damage_fen, inferred, source_file, source_row, unmatched, reason, product, hidden_fen, total_fen,
--   actual_fen, set_fen, assumed_fen, the five …_provenance
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

chosen as (
    select *
    from (
        select *, {clock} as clock_at
        from marts.ledger
        where not is_open and shop in (select shop from chosen_shops)
    ) as ledger
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
),

summed as (
    select
        shop,
        case_id,
        max(order_id) as order_id,
        max(kind) as kind,
        max(stage) as stage,
        max(reason) as reason,
        max(case when is_lead then product end) as product,
        max(
            case
                when is_lead and gives_money_back and refund_fen is not null
                    then coalesce(share_fen / nullif(receivable_fen, 0)::double, 0)
            end
        ) as share,
        max(paid_at) as paid_at,
        max(finished_at) as finished_at,
        case when bool_or(gives_money_back) then sum(refund_fen) else max(case_refund_fen) end::bigint as refund_fen,
        max(load_id) as load_id,
        max(source_sheet) as source_sheet,
        max(source_row) as source_row,
        bool_or(is_inferred) as is_inferred,
        bool_or(is_unmatched) as is_unmatched,
        sum(sales_fen)::bigint as sales_known_fen,
        sum(sales_actual_fen)::bigint as sales_actual_fen,
        sum(sales_set_fen)::bigint as sales_set_fen,
        sum(sales_assumed_fen)::bigint as sales_assumed_fen,
        bool_or(is_sales_unknown) as is_sales_unknown,
        sum(acquisition_fen)::bigint as acquisition_known_fen,
        sum(acquisition_actual_fen)::bigint as acquisition_actual_fen,
        sum(acquisition_set_fen)::bigint as acquisition_set_fen,
        sum(acquisition_assumed_fen)::bigint as acquisition_assumed_fen,
        bool_or(is_acquisition_unknown) as is_acquisition_unknown,
        sum(logistics_fen)::bigint as logistics_known_fen,
        sum(logistics_actual_fen)::bigint as logistics_actual_fen,
        sum(logistics_set_fen)::bigint as logistics_set_fen,
        sum(logistics_assumed_fen)::bigint as logistics_assumed_fen,
        bool_or(is_logistics_unknown) as is_logistics_unknown,
        sum(handling_fen)::bigint as handling_known_fen,
        sum(handling_actual_fen)::bigint as handling_actual_fen,
        sum(handling_set_fen)::bigint as handling_set_fen,
        sum(handling_assumed_fen)::bigint as handling_assumed_fen,
        bool_or(is_handling_unknown) as is_handling_unknown,
        sum(damage_fen)::bigint as damage_known_fen,
        sum(damage_actual_fen)::bigint as damage_actual_fen,
        sum(damage_set_fen)::bigint as damage_set_fen,
        sum(damage_assumed_fen)::bigint as damage_assumed_fen,
        bool_or(is_damage_unknown) as is_damage_unknown,
        sum(actual_fen)::bigint as actual_fen,
        sum(set_fen)::bigint as set_fen,
        sum(assumed_fen)::bigint as assumed_fen
    from chosen
    group by shop, case_id
),

added as (
    select
        *,
        acquisition_known_fen + logistics_known_fen + handling_known_fen + damage_known_fen as hidden_known_fen,
        is_acquisition_unknown or is_logistics_unknown or is_handling_unknown or is_damage_unknown as is_hidden_unknown
    from summed
)

select
    added.shop,
    added.order_id,
    added.case_id,
    added.kind,
    added.stage,
    added.share,
    added.paid_at,
    added.finished_at,
    added.refund_fen,
    if(is_sales_unknown and sales_known_fen = 0, null, sales_known_fen) as sales_fen,
    if(is_acquisition_unknown and acquisition_known_fen = 0, null, acquisition_known_fen) as acquisition_fen,
    if(is_logistics_unknown and logistics_known_fen = 0, null, logistics_known_fen) as logistics_fen,
    if(is_handling_unknown and handling_known_fen = 0, null, handling_known_fen) as handling_fen,
    if(is_damage_unknown and damage_known_fen = 0, null, damage_known_fen) as damage_fen,
    added.is_inferred as inferred,
    files.file_name || coalesce(' [' || added.source_sheet || ']', '') as source_file,
    added.source_row,
    added.is_unmatched as unmatched,
    added.reason,
    added.product,
    if(is_hidden_unknown and hidden_known_fen = 0, null, hidden_known_fen) as hidden_fen,
    if(
        (is_sales_unknown or is_hidden_unknown) and sales_known_fen + hidden_known_fen = 0,
        null,
        sales_known_fen + hidden_known_fen
    ) as total_fen,
    added.actual_fen,
    added.set_fen,
    added.assumed_fen,
    concat_ws(
        '+',
        if(sales_actual_fen <> 0, 'actual', null),
        if(sales_set_fen <> 0, 'set', null),
        if(sales_assumed_fen <> 0, 'assumed', null),
        if(is_sales_unknown, 'unknown', null)
    ) as sales_provenance,
    concat_ws(
        '+',
        if(acquisition_actual_fen <> 0, 'actual', null),
        if(acquisition_set_fen <> 0, 'set', null),
        if(acquisition_assumed_fen <> 0, 'assumed', null),
        if(is_acquisition_unknown, 'unknown', null)
    ) as acquisition_provenance,
    concat_ws(
        '+',
        if(logistics_actual_fen <> 0, 'actual', null),
        if(logistics_set_fen <> 0, 'set', null),
        if(logistics_assumed_fen <> 0, 'assumed', null),
        if(is_logistics_unknown, 'unknown', null)
    ) as logistics_provenance,
    concat_ws(
        '+',
        if(handling_actual_fen <> 0, 'actual', null),
        if(handling_set_fen <> 0, 'set', null),
        if(handling_assumed_fen <> 0, 'assumed', null),
        if(is_handling_unknown, 'unknown', null)
    ) as handling_provenance,
    concat_ws(
        '+',
        if(damage_actual_fen <> 0, 'actual', null),
        if(damage_set_fen <> 0, 'set', null),
        if(damage_assumed_fen <> 0, 'assumed', null),
        if(is_damage_unknown, 'unknown', null)
    ) as damage_provenance
from added
left join staging.source_files as files on files.load_id = added.load_id
order by added.finished_at asc nulls last, added.shop asc nulls last, added.case_id asc nulls last
