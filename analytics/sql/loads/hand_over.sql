-- Gives a version to the load that repeats it: the repeat becomes the place it was read from.
update {stored}
set
    load_id = heirs.load_id,
    source_sheet = heirs.source_sheet,
    source_row = heirs.source_row,
    exported_at = heirs.exported_at
from heirs
where {stored}.rowid = heirs.version_rowid;

delete from {fact}_repeats where rowid in (select repeat_rowid from heirs)
