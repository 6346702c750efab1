-- What a paid order that waits would cost if all of its money went back: today before shipment, or later after it, by the rules
-- of the ledger (ledger.md §4) on the figures of marts.lines and the settings of today. After shipment the three stages in which
-- goods had left count as often as they have happened in the shop so far, each once more, so that a new shop has them in equal
-- parts. What is unknown counts as nothing. A part of a larger query, which puts a condition on the order lines in the braces.
-- Grain: one row a shop and order_key.
-- Columns:
--   shop, order_key: key
--   loss_before_fen: as a refund before shipment, exactly what the ledger would book
--   loss_after_fen: as a refund after shipment, the mean over intercepted, returned and kept
--   loss_fen: the mean over all four, before shipment as often as it has happened, once more
with
lines as (
    select *
    from marts.lines
    where is_paid and list_contains($shops, shop) and {orders}
),

mix as (
    select
        shop,
        count(*) filter (where stage = 'before_shipment') as before_count,
        count(*) filter (where stage = 'intercepted') as intercepted_count,
        count(*) filter (where stage = 'returned') as returned_count,
        count(*) filter (where stage = 'kept') as kept_count
    from marts.ledger
    where is_refund and is_lead
    group by shop
),

priced as (
    select
        lines.*,
        coalesce(
            of_first_product.freight_insurance, of_province.freight_insurance,
            of_shop.freight_insurance, starters.freight_insurance
        ).value as freight_insurance,
        coalesce(
            of_product.return_freight, of_province.return_freight,
            of_shop.return_freight, starters.return_freight
        ).value as return_freight,
        coalesce(
            of_product.merchant_bears_return, of_province.merchant_bears_return,
            of_shop.merchant_bears_return, starters.merchant_bears_return
        ).value as merchant_bears_return,
        coalesce(
            of_product.intercept_fee, of_province.intercept_fee,
            of_shop.intercept_fee, starters.intercept_fee
        ).value as intercept_fee,
        coalesce(
            of_product.minutes_before_shipment, of_province.minutes_before_shipment,
            of_shop.minutes_before_shipment, starters.minutes_before_shipment
        ).value as minutes_before_shipment,
        coalesce(
            of_product.minutes_intercepted, of_province.minutes_intercepted,
            of_shop.minutes_intercepted, starters.minutes_intercepted
        ).value as minutes_intercepted,
        coalesce(
            of_product.minutes_returned, of_province.minutes_returned,
            of_shop.minutes_returned, starters.minutes_returned
        ).value as minutes_returned,
        coalesce(
            of_product.minutes_kept, of_province.minutes_kept,
            of_shop.minutes_kept, starters.minutes_kept
        ).value as minutes_kept,
        coalesce(
            of_product.hourly_wage, of_province.hourly_wage,
            of_shop.hourly_wage, starters.hourly_wage
        ).value as hourly_wage,
        coalesce(
            of_product.fee_kept_rate, of_province.fee_kept_rate,
            of_shop.fee_kept_rate, starters.fee_kept_rate
        ).value as fee_kept_rate,
        coalesce(
            of_product.inspection, of_province.inspection,
            of_shop.inspection, starters.inspection
        ).value as inspection,
        coalesce(
            of_product.damage_rate_returned, of_province.damage_rate_returned,
            of_shop.damage_rate_returned, starters.damage_rate_returned
        ).value as damage_rate_returned,
        coalesce(
            of_product.damage_rate_intercepted, of_province.damage_rate_intercepted,
            of_shop.damage_rate_intercepted, starters.damage_rate_intercepted
        ).value as damage_rate_intercepted
    from lines
    left join (select * from marts.settings where shop = '*') as starters on true
    left join marts.settings as of_product
        on of_product.shop = lines.shop
        and of_product.product_id = lines.product_id
        and of_product.effective_from <= $today
        and of_product.effective_to > $today
    left join marts.settings as of_first_product
        on of_first_product.shop = lines.shop
        and of_first_product.product_id = lines.order_product_id
        and of_first_product.effective_from <= $today
        and of_first_product.effective_to > $today
    left join marts.settings as of_province
        on of_province.shop = lines.shop
        and of_province.province = lines.province_name
        and of_province.effective_from <= $today
        and of_province.effective_to > $today
    left join marts.settings as of_shop
        on of_shop.shop = lines.shop
        and of_shop.scope = ''
        and of_shop.effective_from <= $today
        and of_shop.effective_to > $today
),

-- A line that cost nothing gives nothing back: it books neither acquisition nor damage.
rounded as (
    select
        *,
        if(receivable_fen > 0, sign(acquisition_ufen) * ((abs(acquisition_ufen) + 500000) // 1000000), 0) as acquisition_fen,
        if(receivable_fen > 0, (goods_ufen + 500000) // 1000000, 0) as goods_fen,
        if(
            receivable_fen > 0,
            (goods_ufen::hugeint * damage_rate_intercepted * 2 + 1000000000000) // 2000000000000,
            0
        ) as intercepted_damage_fen,
        if(
            receivable_fen > 0,
            (goods_ufen::hugeint * damage_rate_returned * 2 + 1000000000000) // 2000000000000,
            0
        ) as returned_damage_fen
    from priced
),

leads as (
    select
        *,
        (minutes_before_shipment::hugeint * hourly_wage * 2 + 6000) // 12000 as before_work_fen,
        (minutes_intercepted::hugeint * hourly_wage * 2 + 6000) // 12000 as intercepted_work_fen,
        (minutes_returned::hugeint * hourly_wage * 2 + 6000) // 12000 as returned_work_fen,
        (minutes_kept::hugeint * hourly_wage * 2 + 6000) // 12000 as kept_work_fen
    from priced
    qualify row_number() over (
        partition by shop, order_key order by receivable_fen desc nulls last, line_no asc nulls last
    ) = 1
),

orders as (
    select
        shop,
        order_key,
        sum(receivable_fen)::bigint as receivable_fen,
        coalesce(sum(acquisition_fen), 0)::bigint as acquisition_fen,
        coalesce(sum(goods_fen), 0)::bigint as goods_fen,
        coalesce(sum(intercepted_damage_fen), 0)::bigint as intercepted_damage_fen,
        coalesce(sum(returned_damage_fen), 0)::bigint as returned_damage_fen
    from rounded
    group by shop, order_key
),

charged as (
    select
        orders.*,
        coalesce(leads.freight_fen, 0) + coalesce(leads.packing_fen, 0) as out_fen,
        coalesce(bookings.premium_fen, leads.freight_insurance, 0) as premium_fen,
        coalesce(bookings.premium_fen, 0) as booked_premium_fen,
        coalesce(bookings.return_freight_fen, 0) as booked_return_fen,
        case
            when bookings.return_freight_fen is not null then 0
            when bookings.premium_fen is not null then 0
            else coalesce(((leads.return_freight::hugeint * leads.merchant_bears_return * 2 + 1000000) // 2000000)::bigint, 0)
        end as back_fen,
        coalesce(leads.intercept_fee, 0) as intercept_fen,
        coalesce(leads.inspection, 0) as inspection_fen,
        coalesce(bookings.penalty_fen, 0)
        - least(coalesce(bookings.compensation_fen, 0), greatest(coalesce(bookings.penalty_fen, 0), 0))
        + case
            when bookings.flow_kept_fees_fen is not null or bookings.settled_kept_fees_fen is not null
                then coalesce(bookings.flow_kept_fees_fen, 0) + coalesce(bookings.settled_kept_fees_fen, 0)
            else coalesce(((orders.receivable_fen::hugeint * leads.fee_kept_rate * 2 + 1000000) // 2000000)::bigint, 0)
        end as fees_and_penalties_fen,
        coalesce(leads.before_work_fen, 0)::bigint as before_work_fen,
        coalesce(leads.intercepted_work_fen, 0)::bigint as intercepted_work_fen,
        coalesce(leads.returned_work_fen, 0)::bigint as returned_work_fen,
        coalesce(leads.kept_work_fen, 0)::bigint as kept_work_fen
    from orders
    inner join leads on leads.shop = orders.shop and leads.order_key = orders.order_key
    left join marts.bookings as bookings on bookings.shop = orders.shop and bookings.order_key = orders.order_key
),

costed as (
    select
        charged.shop,
        charged.order_key,
        receivable_fen + acquisition_fen + booked_premium_fen + booked_return_fen + fees_and_penalties_fen + before_work_fen
            as before_fen,
        receivable_fen + acquisition_fen + out_fen + premium_fen + booked_return_fen + fees_and_penalties_fen as after_fen,
        intercept_fen + intercepted_work_fen + intercepted_damage_fen as intercepted_fen,
        back_fen + inspection_fen + returned_work_fen + returned_damage_fen as returned_fen,
        kept_work_fen + goods_fen as kept_fen,
        coalesce(mix.before_count, 0) + 1 as before_count,
        coalesce(mix.intercepted_count, 0) + 1 as intercepted_count,
        coalesce(mix.returned_count, 0) + 1 as returned_count,
        coalesce(mix.kept_count, 0) + 1 as kept_count
    from charged
    left join mix on mix.shop = charged.shop
)

select
    shop,
    order_key,
    before_fen as loss_before_fen,
    after_fen + (
        (intercepted_fen::hugeint * intercepted_count + returned_fen::hugeint * returned_count + kept_fen::hugeint * kept_count)
        // nullif(intercepted_count + returned_count + kept_count, 0)
    )::bigint as loss_after_fen,
    (
        (
            before_fen::hugeint * before_count
            + after_fen::hugeint * (intercepted_count + returned_count + kept_count)
            + intercepted_fen::hugeint * intercepted_count
            + returned_fen::hugeint * returned_count
            + kept_fen::hugeint * kept_count
        )
        // nullif(before_count + intercepted_count + returned_count + kept_count, 0)
    )::bigint as loss_fen
from costed
