-- What cases cost, by the chosen dimensions; part of losses_by.
-- Grain: one row a combination of the chosen dimensions.
-- Columns: the dimensions' keys, refunds, refunded_orders, unknown_refunds, the five …_known_fen, actual_fen, set_fen, assumed_fen,
--   the five …_gaps (rows whose component is unknown)
    select
        {keys}
        count(case when is_refund and line_part_count = 1 then 1 end)
        + count(distinct case when is_refund and line_part_count > 1 then shop || chr(31) || case_id end) as refunds,
        count(distinct case when gives_money_back then shop || chr(31) || order_key end) as refunded_orders,
        count(distinct case when is_refund and has_gap then shop || chr(31) || case_id end) as unknown_refunds,
        sum(sales_actual_fen + sales_set_fen + sales_assumed_fen) as sales_known_fen,
        sum(acquisition_actual_fen + acquisition_set_fen + acquisition_assumed_fen) as acquisition_known_fen,
        sum(logistics_actual_fen + logistics_set_fen + logistics_assumed_fen) as logistics_known_fen,
        sum(handling_actual_fen + handling_set_fen + handling_assumed_fen) as handling_known_fen,
        sum(damage_actual_fen + damage_set_fen + damage_assumed_fen) as damage_known_fen,
        sum(sales_actual_fen + acquisition_actual_fen + logistics_actual_fen + handling_actual_fen + damage_actual_fen) as actual_fen,
        sum(sales_set_fen + acquisition_set_fen + logistics_set_fen + handling_set_fen + damage_set_fen) as set_fen,
        sum(sales_assumed_fen + acquisition_assumed_fen + logistics_assumed_fen + handling_assumed_fen + damage_assumed_fen)
            as assumed_fen,
        count(case when is_sales_unknown then 1 end) as sales_gaps,
        count(case when is_acquisition_unknown then 1 end) as acquisition_gaps,
        count(case when is_logistics_unknown then 1 end) as logistics_gaps,
        count(case when is_handling_unknown then 1 end) as handling_gaps,
        count(case when is_damage_unknown then 1 end) as damage_gaps
    from (
        select
            *,
            is_sales_unknown or is_acquisition_unknown or is_logistics_unknown or is_handling_unknown or is_damage_unknown as has_gap,
            {clock} as clock_at
        from marts.ledger
        where not is_open and shop in (select shop from chosen_shops)
    ) as ledger
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
    {group_by}
