-- Saves a view.
insert into saved_views by name
select $name as name, $page as page, $query as query, $saved_at as saved_at, $saved_by as saved_by
