-- From how many urged orders on a shop's alarm is raised, where it has set a number of its own.
-- Grain: one row a shop.
-- Columns:
--   shop, threshold
select shop, threshold
from main.urge_alarms
