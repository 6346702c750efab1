-- Scenarios of 假设测算 that somebody keeps: what was changed, and what it promised on the data of that day.
create table scenarios (
    name varchar not null,
    shops varchar[] not null,
    scenario varchar not null,
    promised varchar not null,
    saved_at timestamp not null,
    saved_by varchar not null
);
