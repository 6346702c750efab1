-- Grain: one stored version that the load brought first and other loads repeat, with the earliest of those repeats.
create or replace temp table heirs as
select
    {stored}.rowid as version_rowid,
    {fact}_repeats.rowid as repeat_rowid,
    {fact}_repeats.load_id,
    {fact}_repeats.source_sheet,
    {fact}_repeats.source_row,
    {fact}_repeats.exported_at
from {stored}
join {fact}_repeats using ({keys}, content_hash)
where {stored}.load_id = $load_id and {fact}_repeats.load_id <> $load_id
qualify row_number() over (
    partition by {keys}, content_hash
    order by {fact}_repeats.load_id, {fact}_repeats.source_sheet nulls first, {fact}_repeats.source_row
) = 1
