-- Grain: one row. How many rows the ledger holds of a load and their money in fen: the versions first read from it and those it repeats.
with versions as (
    select load_id, {keys}, content_hash, {money} as money_fen from {fact}
    union all
    select load_id, {keys}, content_hash, {money} as money_fen from {fact}_superseded
),

repeated as (
    select {keys}, content_hash
    from {fact}_repeats
    where load_id = $load_id
),

held as (
    select money_fen from versions where load_id = $load_id
    union all
    select versions.money_fen from repeated join versions using ({keys}, content_hash)
)

select count(*) as row_count, coalesce(sum(money_fen), 0)::bigint as money_stored_fen
from held
