-- Tags and noted payments belong to a load of their shop that is there and not undone. Failing: a load_id whose rows do not.
with stored as (
    select load_id, shop, 'tag_sightings' as fact from tag_sightings
    union all
    select load_id, shop, 'note_payments' as fact from note_payments
    union all
    select load_id, null as shop, 'load_rejects' as fact from load_rejects
),

counted as (
    select load_id, shop, fact, count(*) as row_count
    from stored
    group by load_id, shop, fact
)

select counted.load_id, counted.shop, counted.fact, counted.row_count
from counted
left join loads on loads.load_id = counted.load_id and (counted.shop is null or loads.shop = counted.shop)
where loads.load_id is null or loads.undone_at is not null
