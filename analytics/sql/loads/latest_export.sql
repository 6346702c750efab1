-- Grain: one row. The latest export time of a kind of file that the shop holds, null when there is none.
select max(exported_at) as latest_export_at
from loads
where kind = $kind and shop = $shop and undone_at is null
