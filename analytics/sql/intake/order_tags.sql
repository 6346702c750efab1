-- Grain: one row a tool and row of the block. Columns: those of tag_sightings but load_id, shop.
-- A filtered list tags every order in it; the columns of the platform's interface tag where they say so.
with
tagged as (
    select source_row, order_id, $list_kind::varchar as tool, case when $list_kind = 'urge_ship' then last_urged_at end as tagged_at,
        case when $list_kind = 'urge_ship' then urge_count end as use_count
    from typed
    where $list_kind <> 'all'
    union all
    select source_row, order_id, 'priority_ship' as tool, null::timestamp as tagged_at, null::integer as use_count
    from typed
    where is_priority_ship and $list_kind <> 'priority_ship'
    union all
    select source_row, order_id, 'address_change' as tool, null::timestamp as tagged_at, null::integer as use_count
    from typed
    where is_address_changed and $list_kind <> 'address_change'
    union all
    select source_row, order_id, 'urge_ship' as tool, last_urged_at as tagged_at, urge_count as use_count
    from typed
    where (urge_count > 0 or last_urged_at is not null) and $list_kind <> 'urge_ship'
)
select
    $sheet::varchar as source_sheet,
    source_row,
    order_id,
    tool,
    tagged_at,
    $exported_at::timestamp as seen_at,
    use_count,
    null::varchar as outcome,
    null::bigint as amount_fen
from tagged
order by source_row, tool
