-- draw: a number from 0 to 1, always the same for an order and a purpose. one_of: a drawn word. yuan, stamp: as the platform writes them.
create or replace macro draw(i, purpose) as (hash(i, purpose) >> 11)::double / 9007199254740992.0;
create or replace macro one_of(words, i, purpose) as words[1 + floor(draw(i, purpose) * len(words))::bigint];
create or replace macro yuan(fen) as '¥' || (fen // 100)::varchar || '.' || lpad((fen % 100)::varchar, 2, '0');
create or replace macro stamp(t) as coalesce(strftime(t, '%Y-%m-%d %H:%M:%S'), '');
