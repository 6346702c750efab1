-- Grain: one row. Columns: losing_count of current rows, winning_count of superseded rows.
select
    count(*) filter (where not is_winner) as losing_count,
    count(*) filter (where is_winner) as winning_count
from moving
