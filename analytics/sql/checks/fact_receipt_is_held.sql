-- Rows and money of a receipt are what the ledger holds of the load. Failing: a receipt that says otherwise.
with versions as (
    select load_id, {keys}, content_hash, {money} as money_fen from {fact}
    union all
    select load_id, {keys}, content_hash, {money} as money_fen from {fact}_superseded
),

held as (
    select load_id, money_fen from versions
    union all
    select {fact}_repeats.load_id, versions.money_fen
    from {fact}_repeats
    join versions using ({keys}, content_hash)
),

summed as (
    select load_id, count(*) as held_count, coalesce(sum(money_fen), 0)::bigint as held_fen
    from held
    group by load_id
)

select
    loads.load_id,
    loads.row_count - loads.rejected_count as accepted_count,
    coalesce(summed.held_count, 0) as held_count,
    loads.money_stored_fen,
    coalesce(summed.held_fen, 0) as held_fen
from loads
left join summed using (load_id)
where loads.kind = '{kind}'
    and loads.undone_at is null
    and (
        loads.money_stored_fen <> coalesce(summed.held_fen, 0)
        or coalesce(summed.held_count, 0) > loads.row_count - loads.rejected_count
        or (not {adds_up} and coalesce(summed.held_count, 0) < loads.row_count - loads.rejected_count)
    )
