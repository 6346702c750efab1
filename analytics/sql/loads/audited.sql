-- Grain: one row. Columns: has_happened, whether a deed of this kind stands in the audit log.
select count(*) > 0 as has_happened
from audit_log
where action = $action
