-- A shop has one number: the newest.
delete from urge_alarms where shop = $shop
