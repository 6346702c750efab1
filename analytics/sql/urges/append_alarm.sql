-- Writes down from how many urged orders on a shop's alarm is raised.
insert into urge_alarms values ($shop, $threshold, $now, $actor)
