-- Moves the current rows that lost to the superseded ones.
insert into {fact}_superseded by name
select * from {fact} where rowid in (select moving_rowid from moving where not is_winner);

delete from {fact} where rowid in (select moving_rowid from moving where not is_winner)
