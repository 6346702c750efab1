-- Grain: one row of the staged file. fate: where it is kept (current, superseded, repeat); counts_as: where the receipt counts it
-- (new, updated, unchanged); is_older: another content of its key is current after the load.
create or replace temp table fates as
with stored as (
    select distinct {keys}, content_hash
    from candidates
    where is_stored
),

settled as (
    select
        sighted.row_no,
        sighted.current_hash,
        sighted.content_hash = winners.winning_hash as is_winner,
        coalesce(sighted.content_hash = sighted.current_hash, false) as was_current,
        stored.content_hash is not null as is_known,
        row_number() over (
            partition by {keys}, sighted.content_hash
            order by sighted.source_sheet nulls first, sighted.source_row, sighted.row_no
        ) = 1 as is_first
    from sighted
    join winners using ({keys})
    left join stored using ({keys}, content_hash)
),

of_touched_keys as (
    select
        row_no,
        case when is_known or not is_first then 'repeat' when is_winner then 'current' else 'superseded' end as fate,
        case
            when not is_first or not is_winner or was_current then 'unchanged'
            when current_hash is null then 'new'
            else 'updated'
        end as counts_as,
        not is_winner as is_older
    from settled
),

of_other_keys as (
    select
        row_no,
        case when current_hash is null then 'current' else 'repeat' end as fate,
        case when current_hash is null then 'new' else 'unchanged' end as counts_as,
        false as is_older
    from sighted
    anti join touched using ({keys})
)

select * from of_touched_keys
union all
select * from of_other_keys
