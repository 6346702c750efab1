-- What it cost to win an order, where that is an amount and not a rate: its advertising spend inside the days of the spend
-- files, else acquisition_per_order; on the order's lines.
-- Grain: one row a shop, order_key and line_ref of the orders that have an amount.
-- Columns:
--   shop, order_key, line_ref: key
--   acquisition_fen
--   doubt: 0 = advertising spend, 1 = set
with
orders as (
    select
        lines.shop,
        lines.order_key,
        lines.line_count,
        lines.line_ref,
        lines.is_unmatched,
        lines.paid_at::date as paid_on,
        lines.channel,
        lines.streamer_id,
        lines.order_product_id,
        lines.province,
        lines.order_receivable_fen,
        not lines.is_unmatched and periods.shop is not null as has_spend
    from marts.numbered_lines as lines
    left join staging.ad_periods as periods
        on periods.shop = lines.shop and lines.paid_at::date between periods.first_day and periods.last_day
    where lines.line_no = 1
),

spend_rows as (
    select
        *,
        row_number() over (
            order by
                shop asc nulls last,
                spent_on asc nulls last,
                channel asc nulls last,
                streamer_id asc nulls last,
                spend_type asc nulls last
        ) as spend_no
    from staging.ad_spend
),

-- A row of spend reaches the paid orders of its day, of its channel and of its streamer where it names them.
reached as (
    select spend.spend_no, spend.amount_fen, orders.shop, orders.order_key, orders.line_count, orders.order_receivable_fen
    from spend_rows as spend
    inner join orders on orders.shop = spend.shop and orders.paid_on = spend.spent_on
    where orders.has_spend and spend.channel = '' and spend.streamer_id = ''
    union all
    select spend.spend_no, spend.amount_fen, orders.shop, orders.order_key, orders.line_count, orders.order_receivable_fen
    from spend_rows as spend
    inner join orders on orders.shop = spend.shop and orders.paid_on = spend.spent_on and orders.channel = spend.channel
    where orders.has_spend and spend.channel <> '' and spend.streamer_id = ''
    union all
    select spend.spend_no, spend.amount_fen, orders.shop, orders.order_key, orders.line_count, orders.order_receivable_fen
    from spend_rows as spend
    inner join orders
        on orders.shop = spend.shop and orders.paid_on = spend.spent_on and orders.streamer_id = spend.streamer_id
    where orders.has_spend and spend.channel = '' and spend.streamer_id <> ''
    union all
    select spend.spend_no, spend.amount_fen, orders.shop, orders.order_key, orders.line_count, orders.order_receivable_fen
    from spend_rows as spend
    inner join orders
        on orders.shop = spend.shop
        and orders.paid_on = spend.spent_on
        and orders.channel = spend.channel
        and orders.streamer_id = spend.streamer_id
    where orders.has_spend and spend.channel <> '' and spend.streamer_id <> ''
),

weighed as (
    select spend_no, sum(order_receivable_fen)::bigint as reached_receivable_fen
    from reached
    group by spend_no
    having sum(order_receivable_fen) > 0
),

floored as (
    select
        reached.*,
        (abs(reached.amount_fen)::hugeint * reached.order_receivable_fen // nullif(weighed.reached_receivable_fen, 0))::bigint
            as floor_fen,
        (abs(reached.amount_fen)::hugeint * reached.order_receivable_fen % nullif(weighed.reached_receivable_fen, 0))::bigint
            as remainder
    from reached
    inner join weighed on weighed.spend_no = reached.spend_no
),

spares as (
    select spend_no, (max(abs(amount_fen)) - sum(floor_fen))::bigint as spare_fen
    from floored
    group by spend_no
),

ranked as (
    select
        *,
        row_number() over (partition by spend_no order by remainder desc nulls last, order_key asc nulls last) as place
    from floored
),

parts as (
    select
        ranked.shop,
        ranked.order_key,
        ranked.line_count,
        ranked.spend_no,
        sign(ranked.amount_fen)::bigint * (ranked.floor_fen + if(ranked.place <= spares.spare_fen, 1, 0)) as part_fen
    from ranked
    inner join spares on spares.spend_no = ranked.spend_no
),

spent as (
    select shop, order_key, sum(part_fen)::bigint as spend_fen
    from parts
    group by shop, order_key
),

amounts as (
    select
        orders.shop,
        orders.order_key,
        orders.line_count,
        orders.line_ref,
        orders.has_spend,
        case when orders.has_spend then 0 else 1 end as doubt,
        case
            when orders.has_spend then coalesce(spent.spend_fen, 0)
            else coalesce(
                of_product.acquisition_per_order, of_province.acquisition_per_order, of_shop.acquisition_per_order
            ).value
        end as amount_fen
    from orders
    left join spent on spent.shop = orders.shop and spent.order_key = orders.order_key
    left join marts.settings as of_product
        on of_product.shop = orders.shop
        and of_product.product_id = orders.order_product_id
        and of_product.effective_from <= coalesce(orders.paid_on, date '1970-01-01')
        and of_product.effective_to > coalesce(orders.paid_on, date '1970-01-01')
    left join marts.settings as of_province
        on of_province.shop = orders.shop
        and of_province.province = orders.province
        and of_province.effective_from <= coalesce(orders.paid_on, date '1970-01-01')
        and of_province.effective_to > coalesce(orders.paid_on, date '1970-01-01')
    left join marts.settings as of_shop
        on of_shop.shop = orders.shop
        and of_shop.scope = ''
        and of_shop.effective_from <= coalesce(orders.paid_on, date '1970-01-01')
        and of_shop.effective_to > coalesce(orders.paid_on, date '1970-01-01')
),

-- Every amount goes on to the lines of an order on its own: the parts of several rows of spend, or the one amount set.
order_parts as (
    select shop, order_key, 0 as spend_no, doubt, if(has_spend, 0, amount_fen) as part_fen
    from amounts
    where line_count > 1 and amount_fen is not null
    union all
    select shop, order_key, spend_no, 0 as doubt, part_fen
    from parts
    where line_count > 1
),

weights as (
    select
        lines.shop,
        lines.order_key,
        lines.line_ref,
        lines.line_no,
        order_parts.spend_no,
        order_parts.doubt,
        order_parts.part_fen,
        case
            when lines.order_receivable_fen > 0 then greatest(lines.receivable_fen, 0)
            when lines.line_no = 1 then 1
            else 0
        end as weight
    from marts.numbered_lines as lines
    inner join order_parts on order_parts.shop = lines.shop and order_parts.order_key = lines.order_key
    where lines.line_count > 1
),

line_floors as (
    select
        *,
        (abs(part_fen)::hugeint * weight // nullif(sum(weight) over whole_part, 0))::bigint as floor_fen,
        abs(part_fen)::hugeint * weight % nullif(sum(weight) over whole_part, 0) as remainder
    from weights
    window whole_part as (partition by shop, order_key, spend_no)
),

line_ranks as (
    select
        *,
        abs(part_fen) - sum(floor_fen) over (partition by shop, order_key, spend_no) as left_fen,
        row_number() over (
            partition by shop, order_key, spend_no
            order by remainder desc nulls last, line_no asc nulls last
        ) as place
    from line_floors
)

select shop, order_key, line_ref, amount_fen as acquisition_fen, doubt
from amounts
where line_count = 1 and amount_fen is not null
union all
select
    shop,
    order_key,
    line_ref,
    sum(sign(part_fen) * (floor_fen + case when place <= left_fen then 1 else 0 end))::bigint as acquisition_fen,
    max(doubt) as doubt
from line_ranks
group by shop, order_key, line_ref
