-- Writes one deed into the audit log.
insert into audit_log by name
select $happened_at as happened_at, $actor as actor, $role as role, $action as action, $detail as detail
