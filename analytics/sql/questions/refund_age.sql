-- How long the shops' refunds take: after how many days nine tenths of an old cohort's refunds had come.
-- Orders younger than a cohort's full horizon are left out, since their late refunds are still missing.
-- Grain: one row in all.
-- Columns: refunds (that the figure rests on), mature_days (null below 30 refunds)
with
ends as (
    select max(greatest(paid_at, coalesce(shipped_at, paid_at)))::date as last_day
    from marts.lines
    where is_paid and list_contains($shops, shop)
),

lags as (
    select date_diff('day', paid_at::date, finished_at::date) as lag_days
    from marts.ledger
    where is_refund and is_lead and not is_unmatched and finished_at >= paid_at and list_contains($shops, shop)
        and paid_at < (select last_day from ends) - $horizon_days::integer
)

select
    count(*) as refunds,
    if(count(*) < 30, null, quantile_disc(lag_days, 0.9))::integer as mature_days
from lags
