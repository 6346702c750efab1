-- Every stored row belongs to a load of its shop that is there and not undone. Failing: a load_id whose rows do not.
with stored as (
    select load_id, shop from {fact}
    union all
    select load_id, shop from {fact}_superseded
    union all
    select load_id, shop from {fact}_repeats
),

counted as (
    select load_id, shop, count(*) as row_count
    from stored
    group by load_id, shop
)

select counted.load_id, counted.shop, counted.row_count
from counted
left join loads using (load_id, shop)
where loads.load_id is null or loads.undone_at is not null
