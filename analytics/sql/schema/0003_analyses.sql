-- What took long to work out, kept with the version of the data it was worked out from: one row a name and what was asked.
create table analyses (
    name varchar not null,
    asked varchar not null,
    revision integer not null,
    version bigint not null,
    answer varchar not null,
    worked_out_at timestamp not null,
    seconds double not null
);
