-- Hold-outs: orders that do without a retention tool so that its effect can be told. They belong to no load and stay for ever;
-- one that has ended takes no more orders and goes on being judged.

create sequence holdout_ids;

-- experiment: what the order ids are hashed with; share and rates are millionths.
create table holdouts (
    holdout_id bigint not null,
    experiment varchar not null,
    shop varchar not null,
    tool varchar not null,
    share_ppm integer not null,
    starts_on date not null,
    ends_on date,
    base_rate_ppm integer not null,
    change_ppm integer not null,
    wanted_orders bigint not null,
    created_at timestamp not null,
    created_by varchar not null,
    ended_at timestamp,
    ended_by varchar
);

-- since_at: how far the data went when an import first showed the order eligible, which is time zero of its comparison.
create table holdout_orders (
    holdout_id bigint not null,
    order_id varchar not null,
    is_held_out boolean not null,
    since_at timestamp not null,
    assigned_at timestamp not null
);
