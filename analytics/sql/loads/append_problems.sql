-- Adds the problems of a load: lists of equal length, one value a problem.
insert into load_problems by name
select
    $load_id as load_id,
    unnest($sheets::varchar[]) as source_sheet,
    unnest($rows::integer[]) as source_row,
    unnest($columns::varchar[]) as column_name,
    unnest($found::varchar[]) as found,
    unnest($expected::varchar[]) as expected,
    unnest($remedies::varchar[]) as remedy
