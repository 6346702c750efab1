-- Keeps the rows of the staged file that repeat a stored version word for word.
insert into {fact}_repeats by name
select
    $load_id as load_id,
    sighted.source_sheet,
    sighted.source_row,
    sighted.exported_at,
    {keys},
    sighted.content_hash
from sighted
semi join (select row_no from fates where fate = 'repeat') as repeat_fates using (row_no)
