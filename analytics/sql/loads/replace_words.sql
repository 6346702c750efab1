-- Writes words with their meanings: lists of equal length, one value a word.
insert into words by name
select
    unnest($fields::varchar[]) as field,
    unnest($words::varchar[]) as word,
    unnest($meanings::varchar[]) as meaning,
    $is_operators as is_operators
