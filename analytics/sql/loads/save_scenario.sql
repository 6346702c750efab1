-- Saves a scenario.
insert into scenarios by name
select
    $name as name,
    $shops::varchar[] as shops,
    $scenario as scenario,
    $promised as promised,
    $saved_at as saved_at,
    $saved_by as saved_by
