-- Grain: at most one load: the earliest that holds exactly this file of this shop. A file that is no order list has list_kind ''.
select *
from loads
where sha256 = $sha256
    and shop = $shop
    and list_kind in ($list_kind, '')
    and undone_at is null
order by load_id
limit 1
