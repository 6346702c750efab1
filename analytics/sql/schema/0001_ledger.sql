-- The ledger's own tables. Money is whole fen, times are Beijing wall time, ids are text ('' in a key means: none).
--
-- A fact has up to three tables. `<fact>` holds the current row of every key. `<fact>_superseded` holds the other versions that
-- a loaded file has shown of it. `<fact>_repeats` says where else a version was seen, word for word, so that undoing the file it
-- was first read from loses nothing. Together they hold every cleaned row of every load that is not undone, each version once.
-- There are no primary keys: they triple the cost of a load. store/loads.py keeps one current row a key, checks/ proves it.

create table ledger_version (version bigint not null);
insert into ledger_version values (0);

create table shops (
    shop varchar not null,
    is_sample boolean not null,
    created_at timestamp not null
);

create sequence load_ids;

create table loads (
    load_id bigint not null,
    file_name varchar not null,
    sha256 varchar not null,
    kind varchar not null,
    platform varchar not null,
    format varchar not null,
    shop varchar not null,
    list_kind varchar not null,
    exported_at timestamp,
    row_count bigint not null,
    new_count bigint not null,
    updated_count bigint not null,
    unchanged_count bigint not null,
    older_count bigint not null,
    rejected_count bigint not null,
    money_in_fen bigint not null,
    money_stored_fen bigint not null,
    first_at timestamp,
    last_at timestamp,
    surprises varchar[] not null,
    loaded_at timestamp not null,
    loaded_by varchar not null,
    undone_at timestamp,
    undone_by varchar
);

create table load_problems (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer,
    column_name varchar,
    found varchar,
    expected varchar,
    remedy varchar
);

-- Rows set aside, only the columns of the format's allow-list, as one JSON object each.
create table load_rejects (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    cells varchar not null
);

create table audit_log (
    happened_at timestamp not null,
    actor varchar not null,
    role varchar not null,
    action varchar not null,
    detail varchar not null
);

-- What a word of an export means: synchronised from data/formats at every start; an operator's own mapping wins.
create table words (
    field varchar not null,
    word varchar not null,
    meaning varchar not null,
    is_operators boolean not null
);

-- The names of cost settings with unit and starter assumption (domain/costs.py), synchronised at every start.
create table cost_names (
    name varchar not null,
    unit varchar not null,
    starter_value bigint
);

create table order_lines (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    row_at timestamp,
    progress smallint not null,
    content_hash ubigint not null,
    platform varchar not null,
    shop varchar not null,
    order_id varchar not null,
    line_ref varchar not null,
    line_id varchar,
    product_id varchar not null,
    product_name varchar,
    sku varchar not null,
    spec varchar,
    quantity integer,
    unit_price_fen bigint,
    created_at timestamp,
    paid_at timestamp,
    ship_by timestamp,
    shipped_at timestamp,
    completed_at timestamp,
    order_status varchar,
    after_sales_status varchar,
    tells_shipment boolean not null,
    is_signed boolean,
    paid_fen bigint,
    subsidy_fen bigint,
    postage_fen bigint,
    shop_discount_fen bigint,
    commission_fen bigint,
    refund_fen bigint,
    channel varchar,
    sales_mode varchar,
    streamer_id varchar,
    streamer_name varchar,
    province varchar,
    city varchar,
    carrier varchar,
    tracking_no varchar,
    warehouse varchar,
    is_priority_ship boolean,
    is_address_changed boolean,
    urge_count integer,
    last_urged_at timestamp,
    is_refund_noted boolean
);
create table order_lines_superseded as from order_lines limit 0;
create table order_lines_repeats (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    shop varchar not null,
    order_id varchar not null,
    line_ref varchar not null,
    content_hash ubigint not null
);

create table cases (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    row_at timestamp,
    progress smallint not null,
    content_hash ubigint not null,
    platform varchar not null,
    shop varchar not null,
    case_id varchar not null,
    order_id varchar not null,
    line_id varchar,
    product_id varchar not null,
    product_name varchar,
    sku varchar not null,
    spec varchar,
    order_created_at timestamp,
    order_status varchar,
    order_paid_fen bigint,
    kind_word varchar,
    status_word varchar,
    reason varchar,
    reason_tag varchar,
    refund_fen bigint,
    applied_at timestamp,
    finished_at timestamp,
    deadline_at timestamp,
    out_tracking_no varchar,
    return_no varchar,
    return_carrier varchar,
    return_status varchar,
    exchange_no varchar,
    is_instant boolean,
    buyer_key varchar
);
create table cases_superseded as from cases limit 0;
create table cases_repeats (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    shop varchar not null,
    case_id varchar not null,
    content_hash ubigint not null
);

create table ad_spend (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    row_at timestamp,
    progress smallint not null,
    content_hash ubigint not null,
    platform varchar not null,
    shop varchar not null,
    spent_on date not null,
    channel varchar not null,
    streamer_id varchar not null,
    spend_type varchar not null,
    amount_fen bigint not null
);
create table ad_spend_superseded as from ad_spend limit 0;
create table ad_spend_repeats (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    shop varchar not null,
    spent_on date not null,
    channel varchar not null,
    streamer_id varchar not null,
    spend_type varchar not null,
    content_hash ubigint not null
);

create table product_costs (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    row_at timestamp,
    progress smallint not null,
    content_hash ubigint not null,
    platform varchar not null,
    shop varchar not null,
    product_id varchar not null,
    sku varchar not null,
    effective_from date not null,
    unit_cost_fen bigint not null
);
create table product_costs_superseded as from product_costs limit 0;
create table product_costs_repeats (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    shop varchar not null,
    product_id varchar not null,
    sku varchar not null,
    effective_from date not null,
    content_hash ubigint not null
);

-- value is fen, millionths (of a rate) or hundredths of a minute, as cost_names.unit says; null where the setting is switched off.
create table cost_settings (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    row_at timestamp,
    progress smallint not null,
    content_hash ubigint not null,
    platform varchar not null,
    shop varchar not null,
    name varchar not null,
    scope varchar not null,
    effective_from date not null,
    value bigint,
    state varchar not null
);
create table cost_settings_superseded as from cost_settings limit 0;
create table cost_settings_repeats (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    shop varchar not null,
    name varchar not null,
    scope varchar not null,
    effective_from date not null,
    content_hash ubigint not null
);

-- cost_fen is positive where money left the shop (支) and negative where it came in (收).
create table fund_flows (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    row_at timestamp,
    progress smallint not null,
    content_hash ubigint not null,
    platform varchar not null,
    shop varchar not null,
    flow_id varchar not null,
    business_no varchar not null,
    booked_at timestamp,
    flow_type varchar,
    remark_word varchar,
    cost_fen bigint not null
);
create table fund_flows_superseded as from fund_flows limit 0;
create table fund_flows_repeats (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    shop varchar not null,
    flow_id varchar not null,
    content_hash ubigint not null
);

create table settlements (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    row_at timestamp,
    progress smallint not null,
    content_hash ubigint not null,
    platform varchar not null,
    shop varchar not null,
    settlement_ref varchar not null,
    order_id varchar not null,
    product_id varchar not null,
    settled_at timestamp,
    paid_fen bigint,
    refund_fen bigint,
    technical_fee_fen bigint,
    commission_fen bigint,
    other_fee_fen bigint,
    settled_fen bigint
);
create table settlements_superseded as from settlements limit 0;
create table settlements_repeats (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    shop varchar not null,
    settlement_ref varchar not null,
    content_hash ubigint not null
);

create table freight_insurance (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    row_at timestamp,
    progress smallint not null,
    content_hash ubigint not null,
    platform varchar not null,
    shop varchar not null,
    charge_id varchar not null,
    order_id varchar not null,
    effective_at timestamp,
    merchant_fee_fen bigint not null
);
create table freight_insurance_superseded as from freight_insurance limit 0;
create table freight_insurance_repeats (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    exported_at timestamp,
    shop varchar not null,
    charge_id varchar not null,
    content_hash ubigint not null
);

-- Facts that add up over files instead of replacing each other: every sighting counts, undo removes a load's own.
create table tag_sightings (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    shop varchar not null,
    order_id varchar not null,
    tool varchar not null,
    tagged_at timestamp,
    seen_at timestamp,
    use_count integer,
    outcome varchar,
    amount_fen bigint
);

create table note_payments (
    load_id bigint not null,
    source_sheet varchar,
    source_row integer not null,
    shop varchar not null,
    order_id varchar not null,
    paid_at timestamp not null,
    amount_fen bigint not null,
    is_postage boolean not null
);
