-- What readers look at again and again: a page with its filters, under a name.
create table saved_views (
    name varchar not null,
    page varchar not null,
    query varchar not null,
    saved_at timestamp not null,
    saved_by varchar not null
);
