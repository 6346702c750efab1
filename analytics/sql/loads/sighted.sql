-- Grain: one row of the staged file, without its content.
-- Columns: row_no (its place in the staged file), key, rank of the version, place in the file,
-- current_hash: the content that is current before the load, null when the key is unknown.
create or replace temp table sighted as
with staged as (
    select file_row_number as row_no, *
    from read_parquet($file, file_row_number = true)
),

ranked as (
    select
        row_no,
        $shop as shop,
        {file_keys},
        content_hash,
        row_at,
        exported_at,
        source_sheet,
        source_row,
        ({progress})::smallint as progress
    from staged
)

select ranked.*, {fact}.content_hash as current_hash
from ranked
left join {fact} using ({keys})
