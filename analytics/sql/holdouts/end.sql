-- End a hold-out: it takes no more orders.
update holdouts set ended_at = $ended_at, ended_by = $ended_by where holdout_id = $holdout_id
