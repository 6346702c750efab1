"""Every kind of file, one row of it: each cell arrives in its field."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from analytics.intake.formats import formats
from tests.intake.makers import HEADERS, KEY, ROW_OF, read, write_export, write_text, write_workbook

SCHEMA = Path(__file__).resolve().parents[2] / "analytics" / "sql" / "schema" / "0001_ledger.sql"
GIVEN_BY_THE_STORE = {"load_id", "shop", "progress"}


def schema_of(table: str) -> dict[str, str]:
    body = re.search(rf"create table {table} \((.*?)\n\);", SCHEMA.read_text(encoding="utf-8"), re.DOTALL)[1]
    columns = (line.split()[:2] for line in body.strip().splitlines())
    return {name: type_.strip(",").upper() for name, type_ in columns if name not in GIVEN_BY_THE_STORE}


def types_of(path: str) -> dict[str, str]:
    import duckdb

    described = duckdb.connect().execute("describe from read_parquet($path)", {"path": path}).fetchall()
    return {name: type_ for name, type_, *_ in described}


TEMPLATE_ROWS = {
    "ad_spend": ["2026-03-01", "直播间", "1500000001", "120.00", "投流"],
    "product_costs": ["22000000007919", "A-1", "31.50", "2026-03-01"],
    "cost_settings": ["return_freight", "province:浙江", "6.00", "2026-03-01"],
    "tagged_orders": ["2510900000000017", "催发货", "2026-03-02 09:00:00", "2", "已发货", "5.00"],
}


@pytest.mark.parametrize("name", [*ROW_OF, *TEMPLATE_ROWS])
def test_staged_tables_have_exactly_the_columns_of_the_ledger(name, tmp_path):
    if name in TEMPLATE_ROWS:
        header = next(one.headers for one in formats() if one.name == name)
        path = write_text(tmp_path / f"{name}.csv", [header, TEMPLATE_ROWS[name]])
    else:
        path = write_export(tmp_path / f"{name}.csv", name, [{}])
    for table, staged in read(path).staged["parquet_by_table"].items():
        assert types_of(staged) == schema_of(table), table


def test_an_order_line(tmp_path):
    reading = read(write_export(tmp_path / "订单导出_20260310091500.csv", "orders_64", [{}]))
    line = reading.row("order_lines")
    assert {name: line[name] for name in ("source_sheet", "source_row", "order_id", "line_ref", "line_id")} == {
        "source_sheet": None,
        "source_row": 2,
        "order_id": "2510900000000017",
        "line_ref": "22000000007919\x1f\x1f红色,M\x1f1",
        "line_id": None,
    }
    assert {name: line[name] for name in line if name.endswith("_fen")} == {
        "unit_price_fen": 65570,
        "paid_fen": 129990,
        "subsidy_fen": 150,
        "postage_fen": 0,
        "shop_discount_fen": 1000,
        "commission_fen": 6500,
        "refund_fen": None,
    }
    assert {name: line[name] for name in line if name.endswith("_at") or name == "ship_by"} == {
        "exported_at": datetime(2026, 3, 10, 9, 15),
        "row_at": datetime(2026, 3, 2, 8),
        "created_at": datetime(2026, 3, 1, 9, 59, 30),
        "paid_at": datetime(2026, 3, 1, 10),
        "ship_by": datetime(2026, 3, 3, 10),
        "shipped_at": datetime(2026, 3, 2, 8),
        "completed_at": None,
        "last_urged_at": None,
    }
    words = "platform product_id product_name sku spec quantity order_status after_sales_status channel sales_mode streamer_id"
    assert [line[name] for name in words.split()] == [
        *("kuaishou", "22000000007919", "连衣裙 夏季新款", "", "红色,M", 2, "交易成功", None, "直播间", "分销", "1500000001"),
    ]
    places = "streamer_name province city carrier tracking_no warehouse tells_shipment is_signed is_refund_noted is_priority_ship"
    assert [line[name] for name in places.split()] == [
        *("达人小店", "内蒙古", "包头市", "中通快递", "78000000000001", "一号仓", True, True, False, None),
    ]
    assert reading.staged["money_in_fen"] == 129990
    assert (reading.staged["first_at"], reading.staged["last_at"]) == ("2026-03-01T09:59:30",) * 2
    assert (reading.staged["row_count"], reading.staged["rejected_count"], reading.problems, reading.surprises) == (1, 0, [], [])


@pytest.mark.parametrize(
    ("logistics", "is_signed"),
    [
        ("已签收", True),
        ("签收", True),
        ("未签收", False),
        ("待签收", False),
        ("退回已签收", False),
        ("拒签收", False),
        ("", False),
    ],
)
def test_a_parcel_is_signed_when_the_buyer_signed_for_it(logistics, is_signed, tmp_path):
    assert (
        read(write_export(tmp_path / "订单.csv", "orders_64", [{"物流信息": logistics}])).row("order_lines")["is_signed"]
        is is_signed
    )


def test_a_file_that_says_nothing_of_shipment_or_notes_leaves_them_unknown(tmp_path):
    lines = [["订单号", "订单支付时间", "实付款"], ["1", "2026-03-01 10:00:00", "5"]]
    line = read(write_text(tmp_path / "订单.csv", lines)).row("order_lines")
    assert (line["tells_shipment"], line["is_signed"], line["is_refund_noted"], line["order_status"]) == (False, None, None, None)


def test_a_case(tmp_path):
    case = read(write_export(tmp_path / "售后单.csv", "cases_41", [{}])).row()
    assert case["refund_fen"] == 30000
    assert case["order_paid_fen"] == 129990
    assert (case["case_id"], case["order_id"], case["sku"]) == ("9000000000001", "2510900000000017", "A-1")
    assert (case["kind_word"], case["status_word"], case["reason"]) == ("退货退款", "售后成功", "七天无理由")
    assert (case["applied_at"], case["finished_at"]) == (datetime(2026, 3, 5, 9), datetime(2026, 3, 6, 12))
    assert (case["return_no"], case["out_tracking_no"], case["row_at"]) == ("SF1234567890", "", datetime(2026, 3, 6, 12))


def test_a_buyer_is_known_by_a_keyed_hash_only(tmp_path):
    same = read(write_export(tmp_path / "a.csv", "cases_41", [{}, {"售后单号": "2"}, {"售后单号": "3", "买家ID": ""}])).rows()
    other = read(write_export(tmp_path / "b.csv", "cases_41", [{}]), buyer_key=KEY[::-1]).row()
    assert len(same[0]["buyer_key"]) == 64
    assert same[0]["buyer_key"] == same[1]["buyer_key"] != other["buyer_key"]
    assert same[2]["buyer_key"] is None


def test_a_case_file_of_2023_has_other_names_and_fewer_columns(tmp_path):
    lines = [
        ["订单编号", "售后单号", "售后状态", "售后类型", "退款金额", "申请时间"],
        ["1", "2", "售后关闭", "仅退款", "¥3", "2023-10-01 08:00:00"],
    ]
    reading = read(write_text(tmp_path / "售后.csv", lines))
    case = reading.row()
    assert (case["applied_at"], case["refund_fen"]) == (datetime(2023, 10, 1, 8), 300)
    # The file has no column for it, which is not the same as a blank cell.
    assert case["return_no"] is None
    assert any(text.startswith("缺少平时有的列：") and "「退货物流单号」" in text for text in reading.surprises)


@pytest.mark.parametrize(
    ("cells", "cost_fen", "remark_word"),
    [
        ({}, 850, "商责退运费"),
        ({"账务方向": "收"}, -850, "商责退运费"),
        ({"发生额（元）": "-8.50"}, 850, "商责退运费"),
        ({"账务方向": "", "发生额（元）": "-8.50"}, 850, "商责退运费"),
        ({"描述": "商家向消费者", "备注": "小额打款：运费补偿"}, 850, "小额打款"),
        ({"描述": "分账追回_超售后期平台服务费 退款单号123"}, 850, "分账追回…服务费"),
        ({"描述": "分账追回超售后期推广者三方分佣户"}, 850, "分账追回…推广者"),
        ({"描述": "", "备注": "晚发 立赔 20元"}, 850, "晚发立赔"),
        ({"描述": "提现", "备注": "欧阳试样 13900000007"}, 850, None),
    ],
)
def test_a_booking_has_its_sign_and_its_known_phrase(cells, cost_fen, remark_word, tmp_path):
    flow = read(write_export(tmp_path / "动账.csv", "fund_flow", [cells])).row()
    assert (flow["cost_fen"], flow["remark_word"]) == (cost_fen, remark_word)
    assert (flow["flow_id"], flow["business_no"], flow["flow_type"]) == ("F001", "2510900000000017", "扣款")


def test_a_settlement_adds_up_its_fees(tmp_path):
    bill = read(write_export(tmp_path / "结算.csv", "settlement", [{}])).row()
    assert {name: bill[name] for name in bill if name.endswith("_fen")} == {
        "paid_fen": 129990,
        "refund_fen": 30000,
        "technical_fee_fen": 5010,
        "commission_fen": 1500,
        "other_fee_fen": 0,
        "settled_fen": 93630,
    }
    assert bill["settlement_ref"].split("\x1f") == [
        "2510900000000017",
        "22000000007919",
        "2026-03-20 02:00:00",
        "93630",
        "130140",
        "36510",
    ]


def test_freight_insurance_stands_below_a_title(tmp_path):
    header = HEADERS["freight_insurance"]
    row = [ROW_OF["freight_insurance"][name] for name in header]
    reading = read(write_text(tmp_path / "运费险.csv", [["快手运费险账单"], [], header, row]))
    charge = reading.row()
    assert (charge["charge_id"], charge["merchant_fee_fen"], charge["source_row"]) == ("YF001", 90, 4)
    assert charge["effective_at"] == datetime(2026, 3, 2, 8)


def test_ad_spend_of_one_key_is_added_up(tmp_path):
    lines = [
        ["日期", "渠道", "达人ID", "花费(元)", "费用类型"],
        ["2026-03-01", "直播间", "7", "100.10", "投流"],
        ["2026/3/1", "直播间", "7", "0.90", "投流"],
        ["2026-03-02", "", "-", "50", "坑位费"],
        ["2026-03-02", "", "0", "5", "直播打赏"],
    ]
    reading = read(write_text(tmp_path / "花费.csv", lines))
    assert [(r["spent_on"], r["channel"], r["streamer_id"], r["spend_type"], r["amount_fen"]) for r in reading.rows()] == [
        (date(2026, 3, 1), "直播间", "7", "traffic", 10100),
        (date(2026, 3, 2), "", "", "slot_fee", 5000),
        (date(2026, 3, 2), "", "", "直播打赏", 500),
    ]
    assert (reading.staged["row_count"], reading.staged["money_in_fen"]) == (4, 15600)


def test_a_template_needs_little_more_than_its_key(tmp_path):
    spend = read(write_text(tmp_path / "a.csv", [["日期", "花费(元)"], ["2026-03-01", "3"]])).row()
    cost = read(write_text(tmp_path / "b.csv", [["商品ID", "成本(元)"], ["P1", "3"]])).row()
    assert (spend["channel"], spend["streamer_id"], spend["spend_type"], spend["amount_fen"]) == ("", "", "", 300)
    assert (cost["sku"], cost["effective_from"], cost["unit_cost_fen"]) == ("", date(1970, 1, 1), 300)


def test_cost_settings_are_read_by_their_own_rules(tmp_path):
    lines = [
        ["项目", "适用范围", "值", "生效日期"],
        ["outbound_freight", "", "2.80", "2026-03-01"],
        ["退货货损率", "product:P1", "15%", ""],
        ["goods_cost_rate", "province:新疆维吾尔自治区", "off", ""],
    ]
    settings = read(write_text(tmp_path / "成本设置.csv", lines)).rows()
    assert [(s["name"], s["scope"], s["effective_from"], s["value"], s["state"]) for s in settings] == [
        ("outbound_freight", "", date(2026, 3, 1), 280, "set"),
        ("damage_rate_returned", "product:P1", date(1970, 1, 1), 150_000, "set"),
        ("goods_cost_rate", "province:新疆", date(1970, 1, 1), None, "off"),
    ]


def test_tagged_orders_name_their_tool(tmp_path):
    lines = [
        ["订单号", "工具", "时间", "次数", "结果", "金额(元)"],
        ["1", "催单", "2026-03-02 09:00", "3", "已发货", ""],
        ["2", "小额打款", "", "", "", "5"],
    ]
    tags = read(write_text(tmp_path / "标记.csv", lines), exported_at=datetime(2026, 3, 9)).rows()
    assert [
        (t["order_id"], t["tool"], t["tagged_at"], t["seen_at"], t["use_count"], t["outcome"], t["amount_fen"]) for t in tags
    ] == [
        ("1", "urge_ship", datetime(2026, 3, 2, 9), datetime(2026, 3, 9), 3, "已发货", None),
        ("2", "small_payment", None, datetime(2026, 3, 9), None, None, 500),
    ]


def test_a_plain_list_of_orders_is_tagged_by_the_name_of_the_file(tmp_path):
    reading = read(write_text(tmp_path / "催发货名单.csv", [["订单号", "时间"], ["1", "2026-03-02 09:00:00"]]))
    assert reading.staged["kind"] == "tagged_orders"
    assert (reading.row()["tool"], reading.row()["tagged_at"]) == ("urge_ship", datetime(2026, 3, 2, 9))


def test_a_small_export_of_orders_is_no_plain_list(tmp_path):
    lines = [["订单号", "订单支付时间", "实付款"], ["1", "2026-03-01 10:00:00", "5"]]
    reading = read(write_text(tmp_path / "催发货.csv", lines))
    assert (reading.staged["kind"], reading.staged["list_kind"]) == ("orders", "urge_ship")


def test_a_filtered_order_list_brings_its_orders_and_tags_them(tmp_path):
    rows = [{}, {"商品规格": "蓝色,M"}, {"订单号": "2"}]
    reading = read(write_export(tmp_path / "优先发货订单 2026-03-10 09_15.csv", "orders_64", rows))
    assert reading.staged["list_kind"] == "priority_ship"
    assert len(reading.rows("order_lines")) == 3
    assert [(tag["order_id"], tag["tool"], tag["seen_at"], tag["tagged_at"]) for tag in reading.rows("tag_sightings")] == [
        ("2510900000000017", "priority_ship", datetime(2026, 3, 10, 9, 15), None),
        ("2", "priority_ship", datetime(2026, 3, 10, 9, 15), None),
    ]


def test_columns_of_the_interface_tag_where_they_say_so(tmp_path):
    header = [*HEADERS["orders_61"], "priorityDelivery", "remindShipmentSign", "remindShipmentTime"]
    rows = [["true", "3", "2026-03-01 20:00:00"], ["false", "0", "0"], ["", "", ""]]
    lines = [[ROW_OF["orders_61"].get(name, "") for name in header[:-3]] + cells for cells in rows]
    for number, line in enumerate(lines, 1):
        line[0] = str(number)
    reading = read(write_text(tmp_path / "订单.csv", [header, *lines]), exported_at=datetime(2026, 3, 9))
    assert [(line["is_priority_ship"], line["urge_count"], line["last_urged_at"]) for line in reading.rows("order_lines")] == [
        (True, 3, datetime(2026, 3, 1, 20)),
        (False, 0, None),
        (None, None, None),
    ]
    assert [(tag["order_id"], tag["tool"], tag["tagged_at"], tag["use_count"]) for tag in reading.rows("tag_sightings")] == [
        ("1", "priority_ship", None, None),
        ("1", "urge_ship", datetime(2026, 3, 1, 20), 3),
    ]


def test_identical_lines_of_one_order_are_counted(tmp_path):
    rows = [{}, {"商品规格": "蓝色,M"}, {}, {"订单号": "2"}, {}]
    lines = read(write_export(tmp_path / "订单.csv", "orders_64", rows)).rows("order_lines")
    assert [line["line_ref"].split("\x1f")[2:] for line in lines] == [
        *(["红色,M", "1"], ["蓝色,M", "1"], ["红色,M", "2"], ["红色,M", "1"], ["红色,M", "3"]),
    ]
    assert [line["source_row"] for line in lines] == [2, 3, 4, 5, 6]


def test_a_platforms_own_line_id_names_the_line(tmp_path):
    lines = [
        ["订单号", "子订单号", "订单支付时间", "实付款"],
        ["1", "11", "2026-03-01 10:00:00", "5"],
        ["1", "12", "2026-03-01 10:00:00", "5"],
    ]
    assert [line["line_ref"] for line in read(write_text(tmp_path / "订单.csv", lines)).rows("order_lines")] == ["11", "12"]


def test_a_template_filled_in_later_says_when_it_was_saved(tmp_path):
    lines = [["日期", "花费(元)"], ["2026-03-01", "3"]]
    saved = datetime(2026, 3, 9, 1, 30)  # the workbook keeps UTC
    spend = read(write_workbook(tmp_path / "广告花费.xlsx", {"广告花费": lines}, modified=saved)).row()
    assert spend["exported_at"] == datetime(2026, 3, 9, 9, 30)
    orders = write_workbook(tmp_path / "订单.xlsx", {"订单": [HEADERS["orders_61"], list("1" * 61)]}, modified=saved)
    assert read(orders).staged["exported_at"] is None


def test_the_content_hash_is_about_content_only(tmp_path):
    first = read(write_export(tmp_path / "订单_20260310091500.csv", "orders_64", [{}])).row("order_lines")
    moved = read(write_export(tmp_path / "b.csv", "orders_61", [{"订单号": "1"}, {"收货人姓名": "别人"}], encoding="gb18030"))
    changed = read(write_export(tmp_path / "c.csv", "orders_64", [{"售后状态": "退款成功"}])).row("order_lines")
    assert moved.rows("order_lines")[1]["content_hash"] == first["content_hash"] != changed["content_hash"]
