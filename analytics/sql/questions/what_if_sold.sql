-- The paid orders of a period, of the streamers and products that are chosen, with their tools; part of the what-if questions.
-- Grain: one row a shop and order_key.
-- Columns: shop, order_key, tools, paid_at, shipped_at, is_shipped
    select
        shop,
        order_key,
        string_split(max(tool), '+') as tools,
        min(paid_at) as paid_at,
        min(shipped_at) as shipped_at,
        bool_or(is_order_shipped) as is_shipped
    from marts.lines
    where is_paid
        and list_contains($shops, shop)
        and ($first_day is null or paid_at >= $first_day::date)
        and ($last_day is null or paid_at < $last_day::date + interval 1 day)
        and (len($streamers) = 0 or list_contains($streamers, streamer))
        and (len($products) = 0 or list_contains($products, product))
    group by shop, order_key
