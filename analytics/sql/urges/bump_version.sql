-- Moves the version of marks, delays and alarms on.
update urge_version set version = version + 1
