-- Grain: that of the shape it wraps. Columns: the shape's and content_hash.
-- A template: `shape` is the table's query, `content` its content columns as text.
with
shaped as (
    $shape
)
select
    *,
    md5_number_lower(concat_ws(chr(31), $content)) as content_hash
from shaped
