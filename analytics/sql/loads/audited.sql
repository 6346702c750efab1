select count(*) > 0 as has_happened
from audit_log
where action = $action
