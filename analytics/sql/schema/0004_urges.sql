-- The memory of the urge-to-ship list: what operators have marked, for ever, and from how many orders on the alarm is raised.
-- Marks are recorded here only, never sent to the platform; they belong to no load, so undoing one leaves them.

-- Moves on with every mark, delay and alarm; the version of the data does not.
create table urge_version (version bigint not null);
insert into urge_version values (0);

create sequence urge_event_ids;
create sequence urge_batch_ids;

-- clashed_with: the mark that somebody else had set meanwhile; such an event has no effect. undoes: the event it takes back.
create table urge_events (
    event_id bigint not null,
    batch_id bigint not null,
    shop varchar not null,
    order_id varchar not null,
    mark varchar not null,
    actor varchar not null,
    happened_at timestamp not null,
    until_at timestamp,
    reason varchar not null,
    undoes bigint,
    clashed_with bigint
);

create table urge_alarms (
    shop varchar not null,
    threshold bigint not null,
    set_at timestamp not null,
    set_by varchar not null
);

create table urge_acknowledged (
    shop varchar not null,
    order_id varchar not null,
    acknowledged_at timestamp not null,
    acknowledged_by varchar not null
);
