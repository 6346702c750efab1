-- Grain: one stored row that changes its place: a current one that lost, a superseded one that won.
create or replace temp table moving as
select {fact}.rowid as moving_rowid, false as is_winner
from {fact}
join winners using ({keys})
where {fact}.content_hash <> winners.winning_hash
union all
select {fact}_superseded.rowid as moving_rowid, true as is_winner
from {fact}_superseded
join winners using ({keys})
where {fact}_superseded.content_hash = winners.winning_hash
