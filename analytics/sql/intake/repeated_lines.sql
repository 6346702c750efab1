-- Grain: one row an order line of the file. Columns: those of the staged file; the n-th identical line of an order gets n.
select
    * replace (
        case
            when line_id is not null then line_ref
            else regexp_replace(line_ref, '[0-9]+$', (
                row_number() over (partition by order_id, line_ref order by source_sheet nulls first, source_row)
            )::varchar)
        end as line_ref
    )
from read_parquet($path)
order by source_sheet nulls first, source_row
