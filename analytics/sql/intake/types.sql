-- How the cells of an export are read: one macro a type, all-text cell in, value out, null when it is blank or cannot be read.
-- `is_no_*` says which cells count as blank; a cell that is neither blank nor readable is a problem (typed.sql).
-- chr(65533) stands for a cell whose bytes are not text in the file's encoding; no type reads it.

create macro plain(x) as trim(x, ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288) || chr(65279) || chr(8203) || chr(0));

create macro is_nothing(x) as x is null or plain(x) in ('', '-', '--', '—', '/');

-- Ids: tabs, a leading apostrophe, ="…" and the .0 tail of a spreadsheet go; leading zeros stay. Only visible ASCII is an id.
create macro bare_id(x) as
    case
        when regexp_full_match(x, '[0-9A-Za-z_-]*') then x
        else regexp_replace(regexp_replace(plain(x), '^=?["'']*(.*?)["'']*$', '\1'), '^([0-9]+)\.0+$', '\1')
    end;

create macro is_no_id(x) as x is null or trim(bare_id(x)) in ('', '-', '--', '—', '/', '0');

create macro read_id(x) as
    case
        when not regexp_full_match(bare_id(x), '[!-~]{1,64}') then null
        when regexp_full_match(bare_id(x), '[0-9](\.[0-9]+)?[eE]\+[0-9]+') then null
        when bare_id(x) in ('-', '--', '/', '0') then null
        else bare_id(x)
    end;

-- A merchant's own code may hold any letters, Chinese ones too.
create macro read_code(x) as
    case when is_no_id(x) or x = chr(65533) then null else left(hide_numbers(trim(bare_id(x))), 200) end;

-- A parcel number; a telephone number typed in its place says that there is a parcel, and nothing more.
create macro read_parcel(x) as
    case when regexp_full_match(read_id(x), '1[3-9][0-9]{9}') then '1**********' else read_id(x) end;

create macro hide_numbers(x) as
    case
        when regexp_matches(x, '[1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9}')
            then regexp_replace(x, '[1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9}', '***', 'g')
        else x
    end;

create macro read_text(x) as
    case when is_nothing(x) or x = chr(65533) then null else left(hide_numbers(plain(x)), 500) end;

-- What is only looked into and never kept (note, logistics, remark) keeps its digits while it is read.
create macro read_note(x) as case when is_nothing(x) or x = chr(65533) then null else x end;

create macro narrow(x) as
    translate(x, '０１２３４５６７８９．，（）－＋￥　 ' || chr(9) || chr(10) || chr(13) || chr(160), '0123456789.,()-+¥');

create macro amount_fen(x) as (try_cast(x as decimal(14, 2)) * 100)::bigint;

-- Money in yuan to fen: at most two decimals, below ten billion yuan. Brackets mean minus.
create macro read_money(x) as
    case
        when regexp_full_match(x, '[¥￥]?[0-9]{1,10}(\.[0-9]{1,2})?') then amount_fen(ltrim(x, '¥￥'))
        when regexp_full_match(x, '¥[0-9]{1,3}(,[0-9]{3}){1,2}(\.[0-9]{1,2})?') then amount_fen(replace(ltrim(x, '¥'), ',', ''))
        when x is null then null
        when regexp_full_match(narrow(x), '[+-]?¥?-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})?元?')
            and not regexp_matches(narrow(x), '^[+-]¥?-')
            then below_limit(amount_fen(replace(replace(replace(replace(narrow(x), '+', ''), '¥', ''), ',', ''), '元', '')))
        when regexp_full_match(narrow(x), '\([+]?¥?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})?元?\)')
            then below_limit(-amount_fen(regexp_replace(narrow(x), '[+(),¥元]', '', 'g')))
    end;

create macro below_limit(fen) as case when abs(fen) < 1000000000000 then fen end;

-- Times are Beijing wall time; a platform's zero (1970) is blank; outside 2000 to 2099 is no time of a shop.
create macro is_no_time(x) as
    is_nothing(x) or plain(x) in ('0', '0000-00-00', '0000-00-00 00:00:00', '1970-01-01 08:00:00', '1970-01-01 00:00:00');

create macro within_reach(t) as case when t >= timestamp '2000-01-01' and t < timestamp '2100-01-01' then t end;

create macro read_time(x) as
    case
        when is_no_time(x) then null
        when regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}')
            then within_reach(try_strptime(x, '%Y-%m-%d %H:%M:%S'))
        when regexp_full_match(plain(x), '[0-9]{13}') then within_reach(beijing_from_ms(plain(x)))
        else within_reach(try_strptime(plain_time(x), [
            '%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M', '%Y-%m-%d', '%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%dT%H:%M'
        ]))
    end;

create macro beijing_from_ms(x) as make_timestamp(try_cast(x as bigint) * 1000) + interval 8 hour;

-- 2026/3/5, 2026.3.5 and 2026年3月5日 9时05分 become 2026-3-5 9:05.
create macro plain_time(x) as
    regexp_replace(regexp_replace(replace(replace(replace(
        regexp_replace(plain(x), '^([0-9]{4})[./年]([0-9]{1,2})[./月]([0-9]{1,2})日?', '\1-\2-\3'),
        '：', ':'), '时', ':'), '分', ':'), '[:秒]+$', ''), ' +', ' ');

create macro read_date(x) as read_time(x)::date;

create macro read_count(x) as
    case when regexp_full_match(plain(x), '[0-9]{1,6}(\.0+)?') then floor(try_cast(plain(x) as double))::integer end;

create macro is_yes(x) as lower(plain(x)) in ('是', '有', 'true', '1', '1.0', 'yes', 'y');

create macro is_no(x) as lower(plain(x)) in ('否', '无', 'false', '0', '0.0', 'no', 'n');

create macro read_flag(x) as case when is_yes(x) then true when is_no(x) then false end;

create macro read_city(x) as
    case when regexp_full_match(plain(x), '[\p{Han}]{1,12}(市|盟|州|地区|林区|区|县)') then plain(x) end;

-- A note of the seller: system segments on small payments and the text segment after them are no hand-written notes.
create macro speaks_of_refund(x) as
    regexp_matches(x, '退|补偿|赔')
    and regexp_matches(regexp_replace(x, '([^/]*小额打款[^/]*(/|$))+[^/]*', '', 'g'), '退|补偿|赔');

-- {provinces} is filled in from the vocabulary. Of an address only the province that it begins with is ever taken.
create macro read_province(x) as nullif(regexp_extract(plain(x), '^(中国)?({provinces})', 2), '');

-- What a message or a rejected row may show of a cell that is not what it should be: digits and single letters, no words.
create macro veil(x) as left(regexp_replace(hide_numbers(plain(x)), '[\p{Han}]{2,}|[A-Za-z]{2,}', '…', 'g'), 40);
