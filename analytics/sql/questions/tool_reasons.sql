-- The reasons that refunds give, with the tool that could have helped, by the operator's word or the program's phrases.
-- Grain: one row a reason.
-- Columns: reason, tool, own_tool (null: the operator has said nothing), program_tool, cases, loss_fen
with
said as (
    select
        reason,
        count(distinct shop || chr(31) || case_id) as cases,
        sum(sales_fen + acquisition_fen + logistics_fen + handling_fen + damage_fen)::bigint as loss_fen
    from marts.ledger
    where loses_sale and list_contains($shops, shop)
    group by reason
)

select
    reasons.reason,
    reasons.tool,
    reasons.own_tool,
    reasons.program_tool,
    coalesce(said.cases, 0) as cases,
    said.loss_fen
from staging.reason_tools as reasons
left join said on said.reason = reasons.reason
where said.reason is not null or reasons.own_tool is not null
order by loss_fen desc nulls last, reason asc nulls last
