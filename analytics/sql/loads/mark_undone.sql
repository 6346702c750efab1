-- Marks a receipt as taken back.
update loads
set undone_at = $undone_at, undone_by = $undone_by
where load_id = $load_id
