-- The shop's cases as the platform exports them: the columns that the account reads. Grain: one row a case.
select
    case_id::varchar as "售后单号",
    order_id::varchar as "订单编号",
    order_status as "订单状态",
    stamp(created_at) as "订单创建时间",
    yuan(paid_fen) as "实付款",
    (21870000000000 + product_no)::varchar as "商品ID",
    kind_word as "售后类型",
    yuan(refund_fen) as "退款金额",
    status_word as "售后状态",
    one_of(['尺码不合适', '不喜欢', '质量问题', '少件漏发', '拍错了', '未按时发货'], i, 'reason') as "售后原因",
    stamp(applied_at) as "售后申请时间",
    stamp(finished_at) as "售后完结时间",
    if(shipped_at is null, '', 'YT' || (7800000000000 + i * 3)::varchar) as "发货快递单号",
    return_no as "退货物流单号"
from shop_cases
order by case_id
