-- The settings, prices and booked amounts that the accounts of cases can draw on, each with where it was set or read.
-- Grain: one row an input and line of the case: a cost setting as it holds for it (or its starter assumption), the price of
--   the goods, a row of advertising spend that reached the order, an amount that a file books to the order.
-- Columns: shop, case_id, line_no, input (acquisition_per_order, acquisition_rate, goods_cost_rate, outbound_freight, packing,
--   freight_insurance, again_freight, again_packing, the names of the settings of a case, unit_cost, ad_spend, or what is
--   booked), name (of the setting; type of the spend), scope (of the setting; SKU of the price), channel, streamer (of the
--   spend), value (in the setting's unit, fen elsewhere; null: switched off), is_starter, since (date of the setting, price or
--   spend), file, sheet, row
with
case_rows as (
    select shop, case_id, line_ref, order_key, order_id, line_no, is_lead, reason, stage
    from marts.ledger
    where list_contains($case_ids, case_id) and shop in (select shop from staging.shops where list_contains($shops, shop))
),

sent as (
    select lines.shop, lines.order_key, min(lines.shipped_at) as shipped_at
    from marts.lines as lines
    where exists (
            select 1
            from case_rows
            where case_rows.shop = lines.shop and case_rows.order_key = lines.order_key
        )
    group by lines.shop, lines.order_key
),

scoped as (
    select
        case_rows.shop,
        case_rows.case_id,
        case_rows.order_key,
        case_rows.line_no,
        case_rows.stage,
        lines.product_id,
        lines.sku_code,
        lines.channel,
        lines.streamer,
        'product:' || lines.product_id as product_scope,
        'product:' || lines.order_product_id as first_product_scope,
        'province:' || lines.province_name as province_scope,
        'reason:' || case_rows.reason as reason_scope,
        coalesce(lines.paid_at::date, date '1970-01-01') as paid_on,
        coalesce(sent.shipped_at::date, lines.paid_at::date, date '1970-01-01') as sent_on,
        staged.priced_on
    from case_rows
    inner join marts.lines as lines
        on lines.shop = case_rows.shop and lines.order_key = case_rows.order_key and lines.line_ref = case_rows.line_ref
    inner join marts.staged_cases as staged
        on staged.shop = case_rows.shop and staged.case_id = case_rows.case_id and staged.line_ref = case_rows.line_ref
    left join sent on sent.shop = case_rows.shop and sent.order_key = case_rows.order_key
),

-- Which scope counts first: product, then reason, then province, then the shop; and as of which day.
wanted as (
    select
        shop,
        case_id,
        line_no,
        name as input,
        name as name,
        paid_on as since,
        product_scope as product_scope,
        null::varchar as reason_scope,
        province_scope
    from scoped
    cross join (values ('acquisition_rate'), ('goods_cost_rate')) as named (name)
    union all
    select
        shop,
        case_id,
        line_no,
        'acquisition_per_order' as input,
        'acquisition_per_order' as name,
        paid_on as since,
        first_product_scope as product_scope,
        null::varchar as reason_scope,
        province_scope
    from scoped
    union all
    select
        shop,
        case_id,
        line_no,
        name as input,
        name as name,
        sent_on as since,
        first_product_scope as product_scope,
        null::varchar as reason_scope,
        province_scope
    from scoped
    cross join (values ('outbound_freight'), ('packing'), ('freight_insurance')) as named (name)
    union all
    select
        shop,
        case_id,
        line_no,
        input as input,
        name as name,
        priced_on as since,
        first_product_scope as product_scope,
        null::varchar as reason_scope,
        province_scope
    from scoped
    cross join (values ('again_freight', 'outbound_freight'), ('again_packing', 'packing')) as named (input, name)
    union all
    select
        shop,
        case_id,
        line_no,
        name as input,
        name as name,
        priced_on as since,
        product_scope as product_scope,
        reason_scope as reason_scope,
        province_scope
    from scoped
    cross join (
        values
        ('return_freight'),
        ('merchant_bears_return'),
        ('intercept_fee'),
        ('hourly_wage'),
        ('fee_kept_rate'),
        ('inspection'),
        ('damage_rate_returned'),
        ('damage_rate_intercepted'),
        ('price_cut_below')
    ) as named (name)
    union all
    select
        shop,
        case_id,
        line_no,
        'minutes' as input,
        'minutes_' || stage as name,
        priced_on as since,
        product_scope as product_scope,
        reason_scope as reason_scope,
        province_scope
    from scoped
),

candidates as (
    select
        wanted.shop,
        wanted.case_id,
        wanted.line_no,
        wanted.input,
        ranges.scope,
        ranges.value,
        ranges.effective_from,
        ranges.load_id,
        ranges.source_sheet,
        ranges.source_row,
        row_number() over (
            partition by wanted.shop, wanted.case_id, wanted.line_no, wanted.input
            order by
                case ranges.scope
                    when wanted.product_scope then 1
                    when wanted.reason_scope then 2
                    when wanted.province_scope then 3
                    else 4
                end asc nulls last,
                ranges.scope asc nulls last
        ) as place
    from wanted
    inner join staging.cost_ranges as ranges
        on ranges.shop = wanted.shop
        and ranges.name = wanted.name
        and ranges.effective_from <= wanted.since
        and ranges.effective_to > wanted.since
        and (
            ranges.scope = ''
            or ranges.scope = wanted.product_scope
            or ranges.scope = wanted.reason_scope
            or ranges.scope = wanted.province_scope
        )
),

settings as (
    select
        wanted.shop,
        wanted.case_id,
        wanted.line_no,
        wanted.input,
        wanted.name,
        chosen.scope,
        null::varchar as channel,
        null::varchar as streamer,
        if(chosen.shop is null, starters.starter_value, chosen.value) as value,
        chosen.shop is null as is_starter,
        chosen.effective_from as since,
        chosen.load_id,
        chosen.source_sheet,
        chosen.source_row
    from wanted
    left join (select * from candidates where place = 1) as chosen
        on chosen.shop = wanted.shop
        and chosen.case_id = wanted.case_id
        and chosen.line_no = wanted.line_no
        and chosen.input = wanted.input
    left join staging.cost_starters as starters on starters.name = wanted.name
),

prices as (
    select
        scoped.shop,
        scoped.case_id,
        scoped.line_no,
        prices.sku as scope,
        prices.unit_cost_fen as value,
        prices.effective_from as since,
        prices.load_id,
        prices.source_sheet,
        prices.source_row,
        row_number() over (
            partition by scoped.shop, scoped.case_id, scoped.line_no
            order by if(prices.sku = '', 2, 1) asc nulls last
        ) as place
    from scoped
    inner join staging.product_cost_ranges as prices
        on prices.shop = scoped.shop
        and prices.product_id = scoped.product_id
        and (prices.sku = scoped.sku_code or prices.sku = '')
        and prices.effective_from <= scoped.paid_on
        and prices.effective_to > scoped.paid_on
),

spend as (
    select
        scoped.shop,
        scoped.case_id,
        scoped.line_no,
        spend.spend_type as name,
        spend.channel,
        spend.streamer_id as streamer,
        spend.amount_fen as value,
        spend.spent_on as since,
        spend.load_id,
        spend.source_sheet,
        spend.source_row
    from scoped
    inner join staging.ad_spend as spend
        on spend.shop = scoped.shop
        and spend.spent_on = scoped.paid_on
        and (spend.channel = '' or spend.channel = scoped.channel)
        and (spend.streamer_id = '' or spend.streamer_id = scoped.streamer)
),

-- An order's own number and those of its cases: a booking may carry either.
numbers as (
    select shop, case_id, line_no, order_id as business_no
    from case_rows
    where is_lead
    union
    select case_rows.shop, case_rows.case_id, case_rows.line_no, ledger.case_id as business_no
    from case_rows
    inner join marts.ledger as ledger on ledger.shop = case_rows.shop and ledger.order_key = case_rows.order_key
    where case_rows.is_lead
),

booked as (
    select
        numbers.shop,
        numbers.case_id,
        numbers.line_no,
        rows_of_files.books,
        rows_of_files.amount_fen,
        rows_of_files.load_id,
        rows_of_files.source_sheet,
        rows_of_files.source_row
    from numbers
    inner join staging.booked_rows as rows_of_files
        on rows_of_files.shop = numbers.shop and rows_of_files.business_no = numbers.business_no
),

sources as (
    select
        shop,
        case_id,
        line_no,
        input,
        name,
        scope,
        channel,
        streamer,
        value,
        is_starter,
        since,
        load_id,
        source_sheet,
        source_row
    from settings
    union all
    select
        shop,
        case_id,
        line_no,
        'unit_cost' as input,
        null::varchar as name,
        scope,
        null::varchar as channel,
        null::varchar as streamer,
        value,
        false as is_starter,
        since,
        load_id,
        source_sheet,
        source_row
    from prices
    where place = 1
    union all
    select
        shop,
        case_id,
        line_no,
        'ad_spend' as input,
        name,
        null::varchar as scope,
        channel,
        streamer,
        value,
        false as is_starter,
        since,
        load_id,
        source_sheet,
        source_row
    from spend
    union all
    select
        shop,
        case_id,
        line_no,
        'booked_' || books as input,
        null::varchar as name,
        null::varchar as scope,
        null::varchar as channel,
        null::varchar as streamer,
        amount_fen as value,
        false as is_starter,
        null::date as since,
        load_id,
        source_sheet,
        source_row
    from booked
)

select
    sources.shop,
    sources.case_id,
    sources.line_no,
    sources.input,
    sources.name,
    sources.scope,
    nullif(sources.channel, '') as channel,
    nullif(sources.streamer, '') as streamer,
    sources.value,
    sources.is_starter,
    sources.since,
    files.file_name as file,
    sources.source_sheet as sheet,
    sources.source_row as row
from sources
left join staging.source_files as files on files.load_id = sources.load_id
order by
    sources.shop asc nulls last,
    sources.case_id asc nulls last,
    sources.line_no asc nulls last,
    sources.input asc nulls last,
    sources.since asc nulls last,
    sources.scope asc nulls last,
    sources.source_row asc nulls last
