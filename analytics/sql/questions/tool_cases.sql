-- Every case of a loaded order, as far as it was known: when it came and ended, whether money went back, what it cost.
-- Grain: one row a shop and case_id.
-- Columns: shop, order_id, case_id, applied_at, finished_at (null: open, or nobody knows when), is_finished, gives_money_back,
--   stage, loss_fen (sales and hidden, what is known of them)
with
chosen_shops as (
    select shop, least(coalesce($as_of::timestamp, data_end_at), data_end_at) as end_at
    from staging.data_ends
    where list_contains($shops, shop)
),

cases as (
    select
        ledger.shop,
        ledger.order_key as order_id,
        ledger.case_id,
        min(ledger.applied_at) as applied_at,
        min(ledger.finished_at) as finished_at,
        bool_and(not ledger.is_open) and coalesce(min(ledger.finished_at) <= min(chosen_shops.end_at), true) as is_finished,
        bool_or(ledger.gives_money_back) as gives_money_back,
        min(ledger.stage) as stage,
        sum(
            ledger.sales_fen + ledger.acquisition_fen + ledger.logistics_fen + ledger.handling_fen + ledger.damage_fen
        )::bigint as loss_fen
    from marts.ledger as ledger
    inner join chosen_shops on chosen_shops.shop = ledger.shop
    where not ledger.is_unmatched and (ledger.applied_at is null or ledger.applied_at <= chosen_shops.end_at)
    group by ledger.shop, ledger.order_key, ledger.case_id
)

select
    shop,
    order_id,
    case_id,
    applied_at,
    case when is_finished then finished_at end as finished_at,
    is_finished,
    is_finished and gives_money_back as gives_money_back,
    stage,
    case when is_finished then loss_fen else 0 end as loss_fen
from cases
order by shop asc nulls last, order_id asc nulls last, applied_at asc nulls last, case_id asc nulls last
