-- Which tool could have helped with each reason for a refund: what the operator says of it, else the phrases in it.
-- Grain: one row a reason that a case gives.
-- Columns:
--   reason: key
--   tool: the tool, none; by the longest phrase found; none without any
--   own_tool: what the operator said; null: nothing
--   program_tool: by the phrases
with
reasons as (
    select distinct reason
    from main.cases
    where coalesce(reason, '') <> ''
),

phrases as (
    select word as phrase, meaning
    from main.words
    where field = 'tool_reason' and not is_operators
),

by_phrase as (
    select reasons.reason, arg_max(phrases.meaning, length(phrases.phrase) * 1000 - ascii(phrases.meaning)) as tool
    from reasons
    inner join phrases on contains(reasons.reason, phrases.phrase)
    group by reasons.reason
),

own as (
    select word as reason, min(meaning) as tool
    from main.words
    where field = 'tool_reason' and is_operators
    group by word
)

select
    reasons.reason,
    coalesce(own.tool, by_phrase.tool, 'none') as tool,
    own.tool as own_tool,
    coalesce(by_phrase.tool, 'none') as program_tool
from reasons
left join by_phrase on by_phrase.reason = reasons.reason
left join own on own.reason = reasons.reason
