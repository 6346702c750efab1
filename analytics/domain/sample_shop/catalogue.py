"""The invented shop: what it sells, who sells it, where it ships to, and how fast its warehouses are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One product; `wait_risk` and `keep_risk` multiply the refund hazards before and after delivery."""

    product_id: str
    name: str
    skus: tuple[tuple[str, str], ...]
    price_fen: int
    cost_fen: int
    weight: float
    wait_risk: float
    keep_risk: float
    ship_hours: float
    promise_hours: int
    is_insured: bool
    warehouse: str


@dataclass(frozen=True)
class Streamer:
    """One promoter, or the shop itself: `show_days` are weekdays (Monday 0), commission is millionths of the sale."""

    streamer_id: str
    name: str
    weight: float
    show_days: tuple[int, ...]
    peak_hour: float
    commission_ppm: int
    spend_rate: float
    slot_fee_fen: int
    keep_risk: float


PRODUCTS = (
    Product(
        product_id="22000000000801",
        name="云朵绒加厚家居棉拖鞋女秋冬防滑",
        skus=(("TX-HF-3637", "灰粉,36-37"), ("TX-HF-3839", "灰粉,38-39"), ("TX-YB-3839", "燕麦白,38-39")),
        price_fen=2990,
        cost_fen=1120,
        weight=0.2,
        wait_risk=0.9,
        keep_risk=0.9,
        ship_hours=17,
        promise_hours=48,
        is_insured=True,
        warehouse="一号仓",
    ),
    Product(
        product_id="22000000000802",
        name="高腰垂感阔腿休闲裤女春秋款",
        skus=(("KTK-H-M", "黑色,M"), ("KTK-H-L", "黑色,L"), ("KTK-K-L", "卡其,L")),
        price_fen=6990,
        cost_fen=2480,
        weight=0.16,
        wait_risk=1.1,
        keep_risk=1.6,
        ship_hours=19,
        promise_hours=48,
        is_insured=True,
        warehouse="一号仓",
    ),
    Product(
        product_id="22000000000803",
        name="羊羔绒连帽卫衣外套宽松短款",
        skus=(("YGR-M-S", "米白,S"), ("YGR-M-M", "米白,M"), ("YGR-L-M", "雾蓝,M")),
        price_fen=10_900,
        cost_fen=4150,
        weight=0.11,
        wait_risk=1.2,
        keep_risk=1.7,
        ship_hours=24,
        promise_hours=48,
        is_insured=True,
        warehouse="一号仓",
    ),
    Product(
        product_id="22000000000804",
        name="水洗棉四件套纯色床上用品",
        skus=(("SJT-15", "1.5米床"), ("SJT-18", "1.8米床")),
        price_fen=15_900,
        cost_fen=6900,
        weight=0.07,
        wait_risk=1.1,
        keep_risk=1.1,
        ship_hours=22,
        promise_hours=72,
        is_insured=True,
        warehouse="一号仓",
    ),
    Product(
        product_id="22000000000805",
        name="不锈钢保温杯大容量便携水杯",
        skus=(("BWB-750", "750ml"), ("BWB-1000", "1000ml")),
        price_fen=3990,
        cost_fen=1560,
        weight=0.13,
        wait_risk=0.9,
        keep_risk=0.7,
        ship_hours=16,
        promise_hours=48,
        is_insured=False,
        warehouse="二号仓",
    ),
    Product(
        product_id="22000000000806",
        name="农家软糯红薯干即食零食",
        skus=(("HSG-500", "500g"), ("HSG-1000", "500g*2袋")),
        price_fen=1990,
        cost_fen=780,
        weight=0.16,
        wait_risk=0.8,
        keep_risk=0.4,
        ship_hours=14,
        promise_hours=24,
        is_insured=False,
        warehouse="二号仓",
    ),
    Product(
        product_id="22000000000807",
        name="氨基酸洁面乳温和清洁",
        skus=(("JMR-150", "-"),),
        price_fen=4990,
        cost_fen=1290,
        weight=0.09,
        wait_risk=1.0,
        keep_risk=0.8,
        ship_hours=18,
        promise_hours=48,
        is_insured=False,
        warehouse="二号仓",
    ),
    Product(
        product_id="22000000000808",
        name="儿童磁力片拼装积木玩具",
        skus=(("CLP-60", "60片装"), ("CLP-100", "100片装")),
        price_fen=7900,
        cost_fen=3180,
        weight=0.08,
        wait_risk=1.0,
        keep_risk=1.0,
        ship_hours=21,
        promise_hours=48,
        is_insured=False,
        warehouse="二号仓",
    ),
)

# The first is the shop's own traffic: the exports show a dash or a zero instead of an id.
STREAMERS = (
    Streamer(
        streamer_id="",
        name="",
        weight=0.3,
        show_days=(0, 1, 2, 3, 4, 5, 6),
        peak_hour=14.0,
        commission_ppm=0,
        spend_rate=0.05,
        slot_fee_fen=0,
        keep_risk=0.85,
    ),
    Streamer(
        streamer_id="2500000011",
        name="小禾的衣橱",
        weight=0.26,
        show_days=(1, 3, 5, 6),
        peak_hour=20.5,
        commission_ppm=200_000,
        spend_rate=0.1,
        slot_fee_fen=0,
        keep_risk=1.2,
    ),
    Streamer(
        streamer_id="2500000012",
        name="老周说家居",
        weight=0.2,
        show_days=(0, 2, 4, 6),
        peak_hour=20.0,
        commission_ppm=150_000,
        spend_rate=0.08,
        slot_fee_fen=80_000,
        keep_risk=0.95,
    ),
    Streamer(
        streamer_id="2500000013",
        name="阿满好物间",
        weight=0.14,
        show_days=(2, 5),
        peak_hour=21.0,
        commission_ppm=250_000,
        spend_rate=0.06,
        slot_fee_fen=150_000,
        keep_risk=1.3,
    ),
    Streamer(
        streamer_id="2500000014",
        name="柚子生活馆",
        weight=0.1,
        show_days=(0, 3, 6),
        peak_hour=12.5,
        commission_ppm=180_000,
        spend_rate=0.09,
        slot_fee_fen=0,
        keep_risk=1.0,
    ),
)
OWN = 0

CHANNELS = ("直播间", "短视频", "店铺页")
OWN_CHANNEL_SHARES = (0.40, 0.25, 0.35)
PROMOTER_CHANNEL_SHARES = (0.82, 0.18, 0.0)

CARRIERS = (("中通快递", "ZT"), ("圆通速递", "YT"), ("韵达快递", "YD"), ("极兔速递", "JT"), ("申通快递", "ST"))
CARRIER_SHARES = (0.34, 0.22, 0.18, 0.16, 0.10)

# Province as the export writes it, its cities, share of orders, days on the road, postage the buyer pays (fen).
PROVINCES = (
    ("广东省", ("广州市", "深圳市", "佛山市"), 0.13, 1.8, 0),
    ("山东省", ("济南市", "青岛市", "临沂市"), 0.10, 2.2, 0),
    ("河南省", ("郑州市", "洛阳市"), 0.09, 2.2, 0),
    ("江苏省", ("南京市", "苏州市", "徐州市"), 0.09, 1.6, 0),
    ("河北省", ("石家庄市", "保定市"), 0.08, 2.3, 0),
    ("浙江省", ("杭州市", "宁波市"), 0.08, 1.4, 0),
    ("四川省", ("成都市", "绵阳市"), 0.06, 3.0, 0),
    ("安徽省", ("合肥市", "阜阳市"), 0.06, 1.8, 0),
    ("湖南省", ("长沙市", "衡阳市"), 0.05, 2.1, 0),
    ("湖北省", ("武汉市", "襄阳市"), 0.05, 2.0, 0),
    ("辽宁省", ("沈阳市", "大连市"), 0.05, 2.9, 0),
    ("黑龙江省", ("哈尔滨市", "齐齐哈尔市"), 0.04, 3.4, 0),
    ("北京市", ("北京市",), 0.04, 2.2, 0),
    ("广西壮族自治区", ("南宁市", "桂林市"), 0.03, 2.8, 0),
    ("内蒙古自治区", ("呼和浩特市", "包头市"), 0.03, 3.6, 500),
    ("新疆维吾尔自治区", ("乌鲁木齐市", "喀什地区"), 0.02, 6.0, 1000),
)

# Days of the month with a big show: more orders, from buyers who keep less.
PROMOTION_DAYS = (6, 18)
PROMOTION_ORDERS = 2.6
PROMOTION_SHIP_FACTOR = 1.3
PROMOTION_WAIT_RISK = 1.35
PROMOTION_KEEP_RISK = 1.30
WEEKDAY_ORDERS = (0.92, 0.93, 0.98, 1.00, 1.08, 1.14, 1.10)

DAYS = 120
WARM_UP_DAYS = 3  # days before the first export: their cases come without their orders
ORDERS = 20_000
UNPAID_SHARE = 0.045

# A product's stock runs out on some days, two in a row; its parcels then take so many times longer to leave.
SLOW_DAY_SHARE = 0.05
SLOW_DAY_FACTOR = 3.4

TECHNICAL_FEE_PPM = 50_000

# Reasons by what the buyer was waiting for: (reason, second-level tag, share).
WAIT_REASONS = (
    ("不想要了", "主观原因", 0.30),
    ("拍错/多拍", "订单信息有误", 0.26),
    ("地址/电话信息填写错误", "订单信息有误", 0.12),
    ("优惠未使用/价格变动", "价格原因", 0.14),
    ("未按约定时间发货", "发货时效", 0.18),
)
LATE_REASONS = (("未按约定时间发货", "发货时效", 0.72), ("等待时间过长，不想等了", "发货时效", 0.28))
TRANSIT_REASONS = (
    ("物流太慢/长时间未收到", "物流时效", 0.46),
    ("不想要了", "主观原因", 0.36),
    ("地址/电话信息填写错误", "订单信息有误", 0.18),
)
RETURN_REASONS = (
    ("七天无理由退货", "主观原因", 0.40),
    ("商品与描述不符", "商品信息", 0.16),
    ("质量问题", "商品质量", 0.20),
    ("大小/尺寸与商品描述不符", "尺码规格", 0.18),
    ("卖家发错货", "发货错误", 0.06),
)
KEEP_REASONS = (("质量问题", "商品质量", 0.45), ("商品破损/污渍", "商品质量", 0.35), ("少件/漏发", "发货错误", 0.20))
PRICE_REASONS = (("商品降价/补差价", "价格原因", 0.6), ("商品瑕疵协商退差价", "商品质量", 0.4))
FAULT_REASONS = frozenset({"商品与描述不符", "质量问题", "卖家发错货", "商品破损/污渍", "少件/漏发"})
