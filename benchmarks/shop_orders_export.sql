-- The shop's orders as the platform exports them. Grain: one row an order line. Columns: the 64 of the platform, as text.
with
people as (
    select
        *,
        one_of(['浙江省', '广东省', '江苏省', '山东省', '河南省', '四川省', '湖北省', '北京市', '上海市', '内蒙古自治区'], i, 'province') as province,
        one_of(['杭州市', '广州市', '南京市', '济南市', '郑州市', '成都市', '武汉市', '宁波市', '苏州市', '深圳市'], i, 'city') as city,
        one_of(['城关区', '西湖区', '海曙区', '天河区', '武侯区', '洪山区', '高新区', '滨江区'], i, 'district') as district,
        one_of(['文一路街道', '中山街道', '人民路街道', '建设街道', '解放路街道', '新华街道'], i, 'street') as street,
        one_of(['张', '王', '李', '赵', '刘', '陈', '杨', '黄', '周', '吴'], i, 'family') || '**' as buyer,
        one_of(['达人小鹿', '山里阿妹', '老张好物', '晴天穿搭'], i, 'streamer') as streamer,
        draw(i, 'streamer') < 0.75 as is_promoted
    from shop
)

select
    order_id::varchar as "订单号",
    '' as "赠品订单号",
    if(draw(i, 'activity') < 0.1, (7711000000000000 + i)::varchar, '') as "活动订单编号",
    stamp(created_at) as "订单创建时间",
    stamp(paid_at) as "订单支付时间",
    '' as "预售定金支付时间",
    order_status as "订单状态",
    yuan(paid_fen) as "实付款",
    '¥0.00' as "快递费",
    yuan(coupon_fen) as "店铺优惠",
    yuan(subsidy_fen) as "平台补贴",
    '¥0.00' as "主播补贴",
    '¥0.00' as "混资活动优惠",
    yuan(floor(draw(i, 'pay_discount') * 200)::bigint) as "支付优惠",
    one_of(['微信', '支付宝', '快手支付', '先用后付'], i, 'pay_way') as "支付方式",
    quantity::varchar as "成交数量",
    if(draw(i, 'message') < 0.05, '麻烦尽快发货，送到小区门口的驿站就可以，谢谢老板', '') as "买家留言",
    '' as "账号类型",
    '' as "账号明细",
    case
        when paid_at is not null and draw(i, 'note') < 0.02
            then stamp(paid_at + interval 2 day) || ' 小额打款金额¥ 3/瑕疵补偿3元已打款'
        when draw(i, 'note') < 0.08 then '已联系买家，改发另一色，请仓库注意'
        else ''
    end as "订单备注",
    one_of(['灰旗', '红旗', '黄旗', '绿旗'], i, 'flag') as "旗帜颜色",
    after_sales as "售后状态",
    '' as "活动订单",
    stamp(paid_at + interval 2 day) as "预售/承诺发货时间",
    one_of(['直播间', '短视频', '商品页', '店铺页'], i, 'channel') as "订单载体",
    '' as "国补类型",
    '2026新款宽松显瘦百搭纯棉圆领短袖上衣女春夏装第' || product_no || '款现货速发' as "商品名称",
    (21870000000000 + product_no)::varchar as "商品ID",
    '颜色:' || one_of(['雾霾蓝', '奶油白', '高级灰', '豆沙粉', '橄榄绿'], i, 'colour') || ',尺码:'
    || one_of(['S', 'M', 'L', 'XL', '2XL', '3XL'], i, 'size') as "商品规格",
    'SKU' || lpad(product_no::varchar, 4, '0') || '-' || one_of(['S', 'M', 'L', 'XL', '2XL', '3XL'], i, 'size') as "SKU编码",
    yuan(unit_price_fen) as "商品单价",
    if(is_promoted, '分销', '自营') as "渠道",
    if(is_promoted, '18' || length(streamer) || '0077' || unicode(streamer), '0') as "CPS达人ID",
    if(is_promoted, streamer, '-') as "CPS达人昵称",
    yuan(if(is_promoted, paid_fen // 5, 0)) as "预估推广佣金",
    if(is_promoted, '20.0%', '0.0%') as "预估推广者分佣比例",
    if(is_promoted, '1500077721', '') as "团长ID",
    if(is_promoted, '好物团长联盟', '') as "团长昵称",
    '' as "快赚客ID",
    '' as "快赚客昵称",
    '' as "授权推广者ID",
    '' as "授权推广者昵称",
    buyer as "收货人姓名",
    '1**********' as "收货人电话",
    province as "收货地址-省",
    city as "收货地址-市",
    district as "收货地址-区",
    street as "收货地址-街道",
    province || city || district || street || (1 + floor(draw(i, 'house') * 900)::bigint) || '号'
    || (1 + floor(draw(i, 'tower') * 30)::bigint) || '幢' || (101 + floor(draw(i, 'flat') * 2000)::bigint) || '室' as "收货地址",
    stamp(shipped_at) as "发货时间",
    if(shipped_at is null, '', one_of(['圆通速递', '中通快递', '韵达快递', '申通快递', '极兔速递'], i, 'carrier')) as "快递公司",
    if(shipped_at is null, '', 'YT' || (7800000000000 + i * 3)::varchar) as "快递单号",
    case
        when shipped_at is null then ''
        when is_signed then stamp(shipped_at + interval 3 day) || ' 【' || city || '】您的快件已签收，签收方式：家门口，感谢使用'
        else stamp(shipped_at + interval 1 day) || ' 【' || city || '】快件已到达转运中心，正在发往下一站'
    end as "物流信息",
    '' as "集运类型",
    '' as "直邮类型",
    one_of(['华东一号仓', '华南仓'], i, 'warehouse') as "仓库名称",
    one_of(['浙江省杭州市萧山区物流园', '广东省广州市白云区物流园'], i, 'warehouse') as "仓库地址",
    '普通发货' as "发货类型",
    '' as "实名姓名",
    '' as "服务门店ID",
    '' as "服务门店名称",
    '' as "服务门店地址",
    '' as "国补/类国补/消费券",
    '杭州某某服饰有限公司' as "订单销售主体"
from people
order by i
