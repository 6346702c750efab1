-- Write a hold-out down.
insert into holdouts values (
    $holdout_id, $experiment, $shop, $tool, $share_ppm, $starts_on, $ends_on, $base_rate_ppm, $change_ppm, $wanted_orders,
    $created_at, $created_by, null, null
)
