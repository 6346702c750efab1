-- Takes the winners out of the superseded rows.
create or replace temp table promoted as
select * from {fact}_superseded where rowid in (select moving_rowid from moving where is_winner);

delete from {fact}_superseded where rowid in (select moving_rowid from moving where is_winner)
