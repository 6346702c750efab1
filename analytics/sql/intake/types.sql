-- How the cells of an export are read. Every type reads in two steps, each a macro over one column, so that queries stay small:
-- first the cell as it is compared (plain_text, bare_id, plain_money, plain_time), then its value, null when it is blank or
-- cannot be read. is_no_* says which cells count as blank; one that is neither blank nor readable is a problem (typed.sql).
-- The character U+FFFD alone stands for a cell whose bytes are not text in the file's encoding; no type reads it.

create macro plain_text(x) as trim(x, {blanks});

create macro is_nothing(plain) as plain is null or plain in ('', '-', '--', '—', '/');

-- Ids: tabs, a leading apostrophe, ="…" and the .0 tail of a spreadsheet go; leading zeros stay.
create macro bare_id(x) as
    case
        when regexp_full_match(x, '[0-9A-Za-z]*') then x
        else regexp_replace(regexp_replace(trim(x, {blanks}), '^=?["''‘]*(.*?)["''’]*$', '\1'), '^([0-9]+)\.0+$', '\1')
    end;

create macro is_no_id(bare) as bare is null or bare in ('', '-', '--', '—', '/', '0');

create macro is_scientific(bare) as contains(bare, '+') and regexp_full_match(bare, '[0-9](\.[0-9]+)?[eE]\+[0-9]+');

-- Only visible ASCII is an id, and nothing that a spreadsheet has turned into 1.23E+15.
create macro read_id(bare) as
    case
        when strlen(bare) <= 2 and is_no_id(bare) then null
        when regexp_full_match(bare, '[!-~]{1,64}') and not is_scientific(bare) then bare
    end;

create macro hide_numbers(x) as regexp_replace(x, '[1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9}', '***', 'g');

-- A parcel number; a telephone number typed in its place says that there is a parcel, and nothing more.
create macro read_parcel(bare) as
    case when regexp_full_match(bare, '1[3-9][0-9]{9}') then '1**********' else read_id(bare) end;

-- A merchant's own code may hold any letters, Chinese ones too.
create macro read_code(bare) as
    case when not is_no_id(bare) and bare <> '�' then left(hide_numbers(bare), 200) end;

create macro read_text(plain) as
    case
        when is_nothing(plain) or plain = '�' then null
        when regexp_matches(plain, '1[3-9][0-9]{9}') then left(hide_numbers(plain), 500)
        else left(plain, 500)
    end;

-- A word of the dictionary, words.toml. {words} is filled in from it.
create macro is_known_word(plain) as plain in ({words});

-- A state or kind is a short word; what is long or a sentence was written by somebody.
create macro read_status(plain) as
    case
        when plain is null then null
        when length(plain) <= 20 and not regexp_matches(plain, '[，。！？；：,.!?;:~～@\n]|[0-9]{5}') then read_text(plain)
        when is_known_word(plain) then plain
    end;

-- What is only looked into and never kept (note, logistics, remark) keeps its digits while it is read.
create macro read_note(plain) as case when not is_nothing(plain) and plain <> '�' then plain end;

-- Money in yuan: digits, commas, one sign in front; full-width characters become narrow, ¥ and 元 go, brackets mean minus.
create macro plain_money(x) as
    case
        when regexp_full_match(x, '[0-9]*(\.[0-9]+)?') then x
        when regexp_full_match(x, '¥[0-9,]+(\.[0-9]+)?') then replace(x, '¥', '')
        else regexp_replace(
            regexp_replace(
                replace(translate(x, '０１２３４５６７８９．，（）－＋￥' || {blanks}, '0123456789.,()-+¥'), '¥¥', '¥'),
                '^\((?:[+-]?¥?|¥-)([0-9.,]+)元?\)$', '-\1'
            ),
            '^(?:([+-]?)¥?|¥(-))([0-9.,]+)元?$', '\1\2\3'
        )
    end;

create macro below_limit(fen) as case when fen between -100000000000 and 100000000000 then fen end;

-- At most two decimals, at most a thousand million yuan, as in sql/checks/fact_values.sql.
create macro read_money(plain) as
    case
        when regexp_full_match(plain, '[+-]?([0-9]{1,3}(,[0-9]{3})+|0*[0-9]{1,13})(\.[0-9]{1,2})?')
            then below_limit((try_cast(replace(plain, ',', '') as decimal(18, 2)) * 100)::bigint)
    end;

-- What was paid or refunded is never below zero.
create macro read_amount(plain) as 
    case when not starts_with(plain, '-') or ltrim(plain, '-0.,') = '' then read_money(plain) end;

-- Times are Beijing wall time: 2026/3/5, 2026.3.5 and 2026年3月5日 9时05分 become 2026-3-5 9:05, and +08:00
-- after a time with a T goes.
create macro plain_time(x) as
    case
        when strlen(x) = 19 and length(x) = 19 and not contains(x, '/') and not contains(x, '.') then x
        when x = '' then x
        else regexp_replace(replace(replace(replace(regexp_replace(
            regexp_replace(trim(x, {blanks}), '^([0-9-]+T[0-9:.]+)\+08:00$', '\1'), '^([0-9]{4})[./年]([0-9]{1,2})[./月]([0-9]{1,2})日?', '\1-\2-\3'), '：', ':'), '时', ':'), '分', ':'
        ), '[:秒]+$', '')
    end;

-- A platform's zero (1970) is blank.
create macro is_no_time(plain) as
    plain is null or plain in (
        '', '-', '--', '—', '/', '0', '0000-00-00', '0000-00-00 00:00:00', '1970-01-01 08:00:00', '1970-01-01 00:00:00'
    );

-- Outside 2000 to 2099 is no time of a shop.
create macro within_reach(t) as case when t >= timestamp '2000-01-01' and t < timestamp '2100-01-01' then t end;

create macro other_time(plain) as
    case
        when regexp_full_match(plain, '[0-9]{13}') then make_timestamp(try_cast(plain as bigint) * 1000) + interval 8 hour
        else try_strptime(
            plain, ['%Y-%m-%d %H:%M', '%Y-%m-%d', '%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%dT%H:%M',
                '%Y-%m-%dT%H:%M:%S.%f']
        )
    end;

create macro read_time(plain) as within_reach(coalesce(
    try_strptime(plain, '%Y-%m-%d %H:%M:%S'),
    case when not is_no_time(plain) and length(plain) < 30 then other_time(plain) end
));

create macro read_count(plain) as
    case when regexp_full_match(plain, '[0-9]{1,6}(\.0+)?') then try_cast(split_part(plain, '.', 1) as integer) end;

create macro read_flag(plain) as
    case
        when lower(plain) in ('是', '有', 'true', '1', '1.0', 'yes', 'y') then true
        when lower(plain) in ('否', '无', 'false', '0', '0.0', 'no', 'n') then false
    end;

-- Of an address only the province that it begins with is ever taken. {provinces} is filled in from the vocabulary.
create macro read_province(plain) as nullif(regexp_extract(plain, '^(中国)?({provinces})', 2), '');

create macro read_city(plain) as
    case when regexp_full_match(plain, '[\p{Han}]{1,12}(市|盟|州|地区|林区|区|县)') then plain end;

-- A note of the seller: system segments on small payments and the text segment after them are no hand-written notes.
create macro speaks_of_refund(note) as
    regexp_matches(note, '退|补偿|赔')
    and regexp_matches(regexp_replace(note, '([^/]*小额打款[^/]*(/|$))+[^/]*', '', 'g'), '退|补偿|赔');

-- What a message or a rejected row may show of a cell that is not what it should be: digits and single letters, no words.
create macro veil(plain) as left(regexp_replace(hide_numbers(plain), '[\p{Han}]{2,}|[A-Za-z]{2,}', '…', 'g'), 40);
