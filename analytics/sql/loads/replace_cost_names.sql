-- Writes the cost names of this program: lists of equal length, one value a name.
insert into cost_names by name
select
    unnest($names::varchar[]) as name,
    unnest($units::varchar[]) as unit,
    unnest($starter_values::bigint[]) as starter_value
