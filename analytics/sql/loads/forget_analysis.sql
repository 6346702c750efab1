-- An analysis is kept once for what was asked: the newest answer.
delete from analyses where name = $name and asked = $asked
