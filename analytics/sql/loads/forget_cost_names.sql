delete from cost_names
