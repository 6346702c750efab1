-- Every case of the facts stands in the account, none twice on a line, and one of its lines leads. Failing: a case that does not.
with
shown as (
    select
        shop,
        case_id,
        count(*) as row_count,
        count(distinct line_ref) as line_count,
        count(*) filter (where is_lead) as lead_count
    from marts.ledger
    group by shop, case_id
)

select shop, case_id, shown.row_count, shown.line_count, shown.lead_count
from cases
full join shown using (shop, case_id)
where shown.row_count is null or shown.row_count <> shown.line_count or shown.lead_count <> 1
