-- Grain: that of the shape it wraps. Columns: the shape's and content_hash.
-- The upper half of md5_number is md5_number_lower, at half its cost.
-- A template: `shape` is the table's query, `content` its content columns as text.
with
shaped as (
    $shape
)
select
    *,
    (md5_number(concat_ws(chr(31), $content)) >> 64)::ubigint as content_hash
from shaped
