-- The costliest cases of a choice, whole figures only, each with the line of the file that tells of it. With filters on lines
-- (product, sku, price band) a case shows what it costs on those lines.
-- Grain: one row a shop and case_id, at most $row_limit (null: all).
-- Columns: shop, order_id, case_id, stage, kind, reason, product, sku, streamer, province, paid_at, applied_at, finished_at,
--   refund_fen, sales_fen, acquisition_fen, logistics_fen, handling_fen, damage_fen, hidden_fen, total_fen, actual_fen, set_fen,
--   assumed_fen, has_unknown, inferred, unmatched, source_file, source_row, case_count (of the whole choice, in every row)
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
        where is_open = $is_open and shop in (select shop from chosen_shops)
    ) as ledger
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
),

-- Nearly every case stands on one line: those need no adding up.
cases as (
    select
        shop,
        case_id,
        order_id,
        stage,
        kind,
        reason,
        product,
        sku,
        streamer,
        province,
        paid_at,
        applied_at,
        finished_at,
        if(gives_money_back or is_open, refund_fen, case_refund_fen) as refund_fen,
        sales_fen,
        acquisition_fen,
        logistics_fen,
        handling_fen,
        damage_fen,
        is_sales_unknown,
        is_acquisition_unknown,
        is_logistics_unknown,
        is_handling_unknown,
        is_damage_unknown,
        actual_fen,
        set_fen,
        assumed_fen,
        is_inferred,
        is_unmatched,
        load_id,
        source_sheet,
        source_row,
        actual_fen + set_fen + assumed_fen as known_fen
    from chosen
    where line_part_count = 1
    union all
    select
        shop,
        case_id,
        max(order_id) as order_id,
        max(stage) as stage,
        max(kind) as kind,
        max(reason) as reason,
        max(case when is_lead then product end) as product,
        max(case when is_lead then sku end) as sku,
        max(streamer) as streamer,
        max(province) as province,
        max(paid_at) as paid_at,
        max(applied_at) as applied_at,
        max(finished_at) as finished_at,
        case when bool_or(gives_money_back or is_open) then sum(refund_fen) else max(case_refund_fen) end::bigint as refund_fen,
        sum(sales_fen)::bigint as sales_fen,
        sum(acquisition_fen)::bigint as acquisition_fen,
        sum(logistics_fen)::bigint as logistics_fen,
        sum(handling_fen)::bigint as handling_fen,
        sum(damage_fen)::bigint as damage_fen,
        bool_or(is_sales_unknown) as is_sales_unknown,
        bool_or(is_acquisition_unknown) as is_acquisition_unknown,
        bool_or(is_logistics_unknown) as is_logistics_unknown,
        bool_or(is_handling_unknown) as is_handling_unknown,
        bool_or(is_damage_unknown) as is_damage_unknown,
        sum(actual_fen)::bigint as actual_fen,
        sum(set_fen)::bigint as set_fen,
        sum(assumed_fen)::bigint as assumed_fen,
        bool_or(is_inferred) as is_inferred,
        bool_or(is_unmatched) as is_unmatched,
        max(load_id) as load_id,
        max(source_sheet) as source_sheet,
        max(source_row) as source_row,
        sum(actual_fen + set_fen + assumed_fen)::bigint as known_fen
    from chosen
    where line_part_count > 1
    group by shop, case_id
),

counted as (
    select
        count(case when line_part_count = 1 then 1 end)
        + count(distinct case when line_part_count > 1 then shop || chr(31) || case_id end) as case_count
    from chosen
),

costliest as (
    select *
    from cases
    order by known_fen desc nulls last, shop asc nulls last, case_id asc nulls last
    limit $row_limit
),

added as (
    select
        *,
        acquisition_fen + logistics_fen + handling_fen + damage_fen as hidden_known_fen,
        is_acquisition_unknown or is_logistics_unknown or is_handling_unknown or is_damage_unknown as is_hidden_unknown
    from costliest
)

select
    added.shop,
    added.order_id,
    added.case_id,
    added.stage,
    added.kind,
    added.reason,
    added.product,
    added.sku,
    added.streamer,
    added.province,
    added.paid_at,
    added.applied_at,
    added.finished_at,
    added.refund_fen,
    if(is_sales_unknown and sales_fen = 0, null, sales_fen) as sales_fen,
    if(is_acquisition_unknown and acquisition_fen = 0, null, acquisition_fen) as acquisition_fen,
    if(is_logistics_unknown and logistics_fen = 0, null, logistics_fen) as logistics_fen,
    if(is_handling_unknown and handling_fen = 0, null, handling_fen) as handling_fen,
    if(is_damage_unknown and damage_fen = 0, null, damage_fen) as damage_fen,
    if(is_hidden_unknown and hidden_known_fen = 0, null, hidden_known_fen) as hidden_fen,
    if((is_sales_unknown or is_hidden_unknown) and known_fen = 0, null, known_fen) as total_fen,
    added.actual_fen,
    added.set_fen,
    added.assumed_fen,
    is_sales_unknown or is_hidden_unknown as has_unknown,
    added.is_inferred as inferred,
    added.is_unmatched as unmatched,
    files.file_name || coalesce(' [' || added.source_sheet || ']', '') as source_file,
    added.source_row,
    counted.case_count
from added
cross join counted
left join staging.source_files as files on files.load_id = added.load_id
order by known_fen desc nulls last, added.shop asc nulls last, added.case_id asc nulls last
