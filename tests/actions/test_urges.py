"""The urge-to-ship list as operators work it: marks that never overwrite each other, alarms, delays, and what survives what."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analytics.actions import analyses, imports, ledger, safety, urge_files, urges
from analytics.domain.loads import Actor
from analytics.domain.urges import SeenOrder
from analytics.errors import OperatorError
from analytics.present.exports import csv_bytes, xlsx_bytes
from tests.journeys.exports import order, write_orders
from tests.ledger.facts import records

SHOP = "店铺1"
NOW = datetime(2026, 10, 3, 10)
MIN, QIANG = Actor("阿敏", "operate"), Actor("阿强", "operate")
WAITS = {"订单状态": "待发货", "发货时间": "", "快递单号": "", "物流信息": ""}
PROMISE = "预售/承诺发货时间"


def waits(order_id: str, yuan: int = 100, **cells: str) -> dict[str, str]:
    """An order paid on 1 October that was to be shipped by the 3rd at ten."""
    return order(order_id, **{**WAITS, PROMISE: "2026-10-03 10:00:00", "实付款": f"¥{yuan}.00", **cells})


def load(warehouse, path: Path, list_kind: str | None = None, at: str = "2026-10-03 09:10:00"):
    options = imports.ImportOptions(shop=SHOP, list_kind=list_kind, exported_at=datetime.fromisoformat(at))
    return imports.import_file(warehouse, path, options, actor=MIN, now=NOW)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("催发货") / "home"


@pytest.fixture(scope="module")
def warehouse(home, tmp_path_factory):
    """Forty urged orders, one yuan dearer each, one promised soon that nobody urged, one that is not due."""
    files = tmp_path_factory.mktemp("files")
    urged = [waits(f"U{number:02d}", 100 + number) for number in range(40)]
    others = [waits("NEAR", **{PROMISE: "2026-10-03 13:00:00"}), waits("FAR", **{PROMISE: "2026-10-05 10:00:00"})]
    with ledger.ledger_of(home) as opened:
        load(opened, write_orders(files / "订单.csv", *urged, *others))
        load(opened, write_orders(files / "催发货.csv", *urged), "urge_ship", "2026-10-03 09:12:00")
        yield opened
        analyses.wait(10)


def listed(warehouse, *, now=NOW, tab="urged", shops=()):
    rows = urges.list_urges(warehouse, actor=MIN, shops=shops, now=now, tab=tab)
    return {row["order_id"]: row for row in records(rows)}


def mark(warehouse, mark_, *order_ids, by=MIN, seen: int | None = 0, at=NOW, **said):
    orders = [SeenOrder(SHOP, order_id, seen) for order_id in order_ids]
    return urges.mark_orders(warehouse, orders, mark_, actor=by, now=at, **said)


def test_the_dearest_order_stands_first_where_nothing_else_is_known(warehouse):
    rows = list(listed(warehouse).values())
    ranked = [row["order_id"] for row in rows if row["state"] == "open"]
    assert ranked == sorted(ranked, reverse=True)
    assert rows[0]["hours_left"] == 0
    assert not rows[0]["is_money_shown"]
    assert {row["band"] for row in rows} == {"high", "middle", "low"}


def test_ranks_count_from_one_without_a_gap_and_the_rest_has_none(warehouse):
    mark(warehouse, "dismissed", "U39", reason="买家说不急")
    rows = urges.list_urges(warehouse, actor=MIN, now=NOW)
    ranks = rows["rank"].dropna().tolist()
    assert ranks == list(range(1, len(ranks) + 1))
    assert rows["order_id"].is_unique
    assert rows.iloc[-1]["order_id"] == "U39"
    assert rows.iloc[-1]["mark_reason"] == "买家说不急"
    assert rows["expected_loss_fen"].iloc[: len(ranks)].is_monotonic_decreasing


def test_the_tabs_hold_what_nobody_urged_beside_what_was(warehouse):
    assert set(listed(warehouse, tab="promise")) == {"NEAR"}
    assert set(listed(warehouse, tab="priority")) == set()
    assert set(listed(warehouse, tab=None)) == {*(f"U{number:02d}" for number in range(40)), "NEAR"}
    with pytest.raises(OperatorError, match="urged"):
        listed(warehouse, tab="all")


def test_a_mark_says_who_has_an_order_and_moves_its_own_version_only(warehouse):
    before = warehouse.version(), urges.queue_version(warehouse)
    mark(warehouse, "taken", "U00", "U01")
    mark(warehouse, "contacted", "U01", by=QIANG, seen=None)
    rows = listed(warehouse)
    assert (rows["U00"]["state"], rows["U00"]["taken_by"]) == ("taken", "阿敏")
    assert (rows["U01"]["state"], rows["U01"]["taken_by"], rows["U01"]["marked_by"]) == ("contacted", "阿敏", "阿强")
    assert warehouse.version() == before[0]
    assert urges.queue_version(warehouse) == before[1] + 2


def test_the_later_of_two_learns_who_was_first_and_changes_nothing(warehouse):
    mark(warehouse, "taken", "U02")
    late = mark(warehouse, "dismissed", "U02", "U03", by=QIANG, reason="重复")
    assert [seen.order_id for seen in late.orders] == ["U03"]
    (clash,) = late.clashes
    assert (clash.order_id, clash.mark, clash.actor, clash.happened_at) == ("U02", "taken", "阿敏", NOW)
    assert listed(warehouse)["U02"]["state"] == "taken"
    events = urges.history(warehouse, shop=SHOP, order_id="U02", actor=MIN)
    assert events[["mark", "has_effect"]].to_numpy().tolist() == [["taken", True], ["dismissed", False]]
    again = mark(warehouse, "dismissed", "U02", by=QIANG, seen=clash.event_id, reason="重复")
    assert not again.clashes
    assert listed(warehouse)["U02"]["state"] == "dismissed"


def test_two_operators_who_mark_the_same_set_at_once_lose_nothing(warehouse):
    order_ids = [f"U{number:02d}" for number in range(10, 20)]
    ready, done = threading.Barrier(2), {}

    def work(actor):
        ready.wait(10)
        done[actor.name] = [mark(warehouse, "taken", order_id, by=actor) for order_id in order_ids]
        done[actor.name].append(mark(warehouse, "taken", *order_ids, by=actor))

    threads = [threading.Thread(target=work, args=(actor,)) for actor in (MIN, QIANG)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = {seen.order_id: name for name, actions in done.items() for action in actions for seen in action.orders}
    assert sorted(won) == order_ids
    assert sum(len(action.orders) for actions in done.values() for action in actions) == len(order_ids)
    rows = listed(warehouse)
    for order_id in order_ids:
        assert rows[order_id]["taken_by"] == won[order_id]
        events = urges.history(warehouse, shop=SHOP, order_id=order_id, actor=MIN)
        assert len(events) == 4  # both operators, alone and in bulk
        assert events["has_effect"].sum() == 1


def test_what_is_snoozed_comes_back_by_itself(warehouse):
    mark(warehouse, "taken", "U04")
    mark(warehouse, "snoozed", "U04", "U05", seen=None, until=NOW + timedelta(hours=2))
    asleep = listed(warehouse)
    assert [(asleep[name]["state"], asleep[name]["rank"]) for name in ("U04", "U05")] == [("snoozed", None)] * 2
    awake = listed(warehouse, now=NOW + timedelta(hours=2))
    assert [awake[name]["state"] for name in ("U04", "U05")] == ["taken", "open"]
    assert awake["U05"]["taken_by"] is None


def test_what_is_released_belongs_to_nobody(warehouse):
    mark(warehouse, "taken", "U06")
    mark(warehouse, "released", "U06", seen=None)
    row = listed(warehouse)["U06"]
    assert (row["state"], row["taken_by"]) == ("open", None)
    mark(warehouse, "contacted", "U06", by=QIANG, seen=None)
    assert listed(warehouse)["U06"]["taken_by"] == "阿强"


def test_an_action_is_taken_back_unless_somebody_has_marked_since(warehouse):
    done = mark(warehouse, "shipped", "U07", "U08")
    later = mark(warehouse, "contacted", "U08", by=QIANG, seen=None)
    undone = urges.undo_marks(warehouse, done.batch_id, actor=MIN, now=NOW)
    assert [seen.order_id for seen in undone.orders] == ["U07"]
    assert [(clash.order_id, clash.actor) for clash in undone.clashes] == [("U08", "阿强")]
    rows = listed(warehouse)
    assert (rows["U07"]["state"], rows["U08"]["state"]) == ("open", "contacted")
    urges.undo_marks(warehouse, later.batch_id, actor=QIANG, now=NOW)
    assert listed(warehouse)["U08"]["state"] == "shipped"
    with pytest.raises(OperatorError, match="没有可以撤回的"):
        urges.undo_marks(warehouse, later.batch_id, actor=QIANG, now=NOW)


def test_a_filed_delay_leaves_the_tab_of_the_overdue_until_its_date(warehouse):
    until = NOW + timedelta(days=2)
    urges.file_delay(warehouse, [SeenOrder(SHOP, "NEAR")], until=until, reason="暴雨封路", actor=MIN, now=NOW)
    assert "NEAR" not in listed(warehouse, tab="promise")
    back = listed(warehouse, tab="promise", now=until - timedelta(hours=1))["NEAR"]
    assert (back["hours_left"], back["delay_reason"], back["state"]) == (1, "暴雨封路", "open")
    urges.file_delay(warehouse, [SeenOrder(SHOP, "U09")], until=until, reason="暴雨封路", actor=MIN, now=NOW)
    row = listed(warehouse)["U09"]
    assert (row["flags"], row["hours_left"], row["ship_by"]) == (["delayed"], 48, NOW)


@pytest.mark.parametrize(
    ("mark_", "said"),
    [
        ("dismissed", {}),
        ("snoozed", {}),
        ("snoozed", {"until": NOW}),
        ("forgotten", {}),
        ("dismissed", {"reason": "长" * 61}),
        ("dismissed", {"reason": "打 13900000009"}),
    ],
)
def test_a_mark_without_what_it_needs_is_refused(warehouse, mark_, said):
    with pytest.raises(OperatorError):
        mark(warehouse, mark_, "U20", **said)
    assert listed(warehouse)["U20"]["state"] == "open"


def test_an_order_that_is_not_there_is_refused_and_so_is_everything_with_it(warehouse):
    with pytest.raises(OperatorError, match="NONE"):
        mark(warehouse, "taken", "U20", "NONE")
    assert listed(warehouse)["U20"]["state"] == "open"


@pytest.mark.parametrize("actor", [Actor("看客", "view"), Actor("外人", "operate", ("店铺2",))])
def test_marking_needs_the_role_and_the_shop(warehouse, actor):
    with pytest.raises(OperatorError):
        mark(warehouse, "taken", "U20", by=actor)
    with pytest.raises(OperatorError):
        urges.set_alarm(warehouse, SHOP, 5, actor=actor, now=NOW)


def test_the_alarm_is_due_from_its_number_on_until_it_was_seen(warehouse):
    (alarm,) = urges.alarms(warehouse, actor=MIN, now=NOW)
    assert alarm.is_due
    assert alarm.waiting == sum(1 for row in listed(warehouse).values() if row["rank"])
    urges.set_alarm(warehouse, SHOP, alarm.waiting + 1, actor=MIN, now=NOW)
    assert not urges.alarms(warehouse, actor=MIN, now=NOW)[0].is_due
    urges.set_alarm(warehouse, SHOP, alarm.waiting, actor=MIN, now=NOW)
    (stale,) = urges.alarms(warehouse, actor=MIN, now=NOW + timedelta(hours=4))
    assert (stale.is_due, stale.is_stale) == (False, True)
    urges.acknowledge(warehouse, alarm, actor=MIN, now=NOW)
    assert not urges.alarms(warehouse, actor=MIN, now=NOW)[0].is_due
    with pytest.raises(OperatorError, match="1 单"):
        urges.set_alarm(warehouse, SHOP, 0, actor=MIN, now=NOW)


def test_files_go_to_an_erp_and_come_back_as_urged_orders(warehouse, tmp_path):
    rows, known = urges.list_urges(warehouse, actor=MIN, now=NOW), urges.freshness(warehouse, actor=MIN, now=NOW)
    name = urge_files.FILE_NAME.format(NOW)
    sheet = urge_files.erp_sheet(rows.head(30), name)
    for suffix, content in (("csv", csv_bytes(sheet)), ("xlsx", xlsx_bytes([sheet], written_at=NOW))):
        path = tmp_path / f"{name}.{suffix}"
        path.write_bytes(content)
        receipt = imports.import_file(warehouse, path, imports.ImportOptions(shop=SHOP), actor=MIN, now=NOW)
        assert (receipt.kind, receipt.rows, receipt.new, receipt.rejected) == ("tagged_orders", 30, 30, 0)
        # Our own selection is no newer list of the platform's: nothing leaves the list, and nothing is fresher for it.
        assert urges.list_urges(warehouse, actor=MIN, now=NOW)["order_id"].tolist() == rows["order_id"].tolist()
        assert urges.freshness(warehouse, actor=MIN, now=NOW) == known
        imports.undo_import(warehouse, receipt.load_id, actor=MIN, now=NOW)


def test_what_was_only_late_or_to_ship_first_does_not_come_back_as_urged(tmp_path):
    late, first = waits("L1"), waits("F1")
    urged = waits("U1")
    source, other = tmp_path / "甲", tmp_path / "乙"
    with ledger.ledger_of(source) as warehouse:
        load(warehouse, write_orders(tmp_path / "订单.csv", late, first, urged))
        load(warehouse, write_orders(tmp_path / "优先.csv", first), "priority_ship", "2026-10-03 09:11:00")
        load(warehouse, write_orders(tmp_path / "催发货.csv", urged), "urge_ship", "2026-10-03 09:12:00")
        sheet = urge_files.erp_sheet(urges.list_urges(warehouse, actor=MIN, now=NOW, tab=None), "发货清单")
        analyses.wait(10)
    tools = {row[0]: row[1:4] for row in sheet.rows}
    assert tools == {"U1": ("催发货", None, None), "F1": ("优先发货", None, None), "L1": ("无", None, None)}
    (tmp_path / "发货清单.csv").write_bytes(csv_bytes(sheet))
    with ledger.ledger_of(other) as warehouse:  # a ledger that knows of no urge yet
        load(warehouse, write_orders(tmp_path / "订单.csv", late, first, urged))
        receipt = imports.import_file(warehouse, tmp_path / "发货清单.csv", imports.ImportOptions(shop=SHOP), actor=MIN, now=NOW)
        assert (receipt.kind, receipt.rejected) == ("tagged_orders", 0)
        rows = listed(warehouse, tab=None)
        analyses.wait(10)
    marked = {order_id: (row["tab"], row["is_priority"]) for order_id, row in rows.items()}
    assert marked == {"U1": ("urged", False), "F1": ("promise", True), "L1": ("promise", False)}


def test_an_after_sales_word_that_is_not_known_makes_no_order_look_certain(tmp_path):
    words = {"NEW": "售后升级中", "OPEN": "退款处理中", "ASKED": "售后中", "ABOUT": "售后待处理", "DASH": "-", "BLANK": ""}
    with ledger.ledger_of(tmp_path / "家") as warehouse:
        load(warehouse, write_orders(tmp_path / "单.csv", *(waits(order_id, 售后状态=word) for order_id, word in words.items())))
        rows = listed(warehouse, tab="promise")
        analyses.wait(10)
    said = {order_id: (row["flags"], row["rank"] is not None) for order_id, row in rows.items()}
    barred, calm = (["refund_open"], False), ([], True)
    assert said == {
        **dict.fromkeys(("OPEN", "ASKED", "ABOUT"), barred),
        **dict.fromkeys(("DASH", "BLANK"), calm),
        "NEW": (["after_sales_unknown"], True),
    }


@pytest.mark.parametrize(
    "number", ["13812345678", "138 1234 5678", "138-1234-5678", "１３８ １２３４\u200b５６７８", "1 3 8.1234.5678"]
)
def test_no_telephone_number_is_kept_in_a_reason_however_it_is_written(warehouse, number):
    for deed in (
        lambda reason: mark(warehouse, "dismissed", "U09", seen=None, reason=reason),
        lambda reason: urges.file_delay(
            warehouse, [SeenOrder(SHOP, "U09")], until=NOW + timedelta(hours=1), reason=reason, actor=MIN, now=NOW
        ),
    ):
        with pytest.raises(OperatorError, match="不含电话号码") as refused:
            deed(f"电话 {number}")
        assert "1234" not in str(refused.value)
    assert not urges.history(warehouse, shop=SHOP, order_id="U09", actor=MIN)["reason"].str.contains("电话").any()


def test_ids_of_twenty_digits_survive_the_way_out_and_in(tmp_path, warehouse):
    rows = urges.list_urges(warehouse, actor=MIN, now=NOW).head(2).assign(order_id=["25000000002198440001", "=1+1"])
    text = csv_bytes(urge_files.erp_sheet(rows, "表")).decode("utf-8-sig")
    assert "25000000002198440001\t," in text
    assert "'=1+1\t," in text


def test_what_has_to_be_picked_adds_up_every_line_of_the_orders(warehouse):
    picked = urge_files.picking_list(warehouse, [(SHOP, "U00"), (SHOP, "U01"), (SHOP, "U02")], actor=MIN)
    (row,) = picked.to_dict("records")
    assert (row["product_id"], row["sku"], row["pieces"], row["orders"]) == ("P1", "S1", 3, 3)
    assert row["order_ids"] == ["U00", "U01", "U02"]
    elsewhere = urge_files.picking_list(warehouse, [("店铺2", "U00")], actor=Actor("外人", "view", ("店铺1",)))
    assert elsewhere.empty


def test_work_is_compared_with_no_work_as_counts(warehouse):
    rows = urges.list_as_of(warehouse, actor=MIN, at=NOW)
    worked, idle = urges.compare_work(rows).to_dict("records")
    assert (worked["was_worked"], idle["was_worked"]) == (True, False)
    assert worked["orders"] + idle["orders"] == len(rows) == 40
    assert worked["open"] == worked["orders"]


def test_a_later_import_that_shows_the_shipment_closes_the_row_and_undoing_it_leaves_the_marks(warehouse, tmp_path):
    mark(warehouse, "shipped", "U30", "U31")
    sent = waits("U30", 130, 订单状态="已发货", 发货时间="2026-10-03 11:00:00")
    still = waits("U31", 131, 订单备注="加急")
    receipt = load(warehouse, write_orders(tmp_path / "新.csv", sent, still), at="2026-10-03 12:00:00")
    rows = listed(warehouse, now=NOW + timedelta(hours=3))
    assert "U30" not in rows
    assert (rows["U31"]["state"], rows["U31"]["flags"]) == ("shipped", ["not_seen_shipped"])
    imports.undo_import(warehouse, receipt.load_id, actor=MIN, now=NOW)
    back = listed(warehouse)
    assert (back["U30"]["state"], back["U30"]["marked_by"]) == ("shipped", "阿敏")
    assert back["U31"]["flags"] == []


def test_a_newer_list_marks_what_it_no_longer_holds_and_alarms_leave_it_out(warehouse, tmp_path):
    before = urges.alarms(warehouse, actor=MIN, now=NOW)[0].waiting
    kept = [waits(f"U{number:02d}", 100 + number) for number in range(40) if number != 32]
    receipt = load(warehouse, write_orders(tmp_path / "催发货.csv", *kept), "urge_ship", "2026-10-03 09:50:00")
    row = listed(warehouse)["U32"]
    assert row["flags"] == ["not_on_list"]
    assert urges.alarms(warehouse, actor=MIN, now=NOW)[0].waiting == before - 1
    imports.undo_import(warehouse, receipt.load_id, actor=MIN, now=NOW)


def test_marks_are_in_the_log_and_in_a_backup(warehouse, tmp_path):
    mark(warehouse, "taken", "U33")
    safety.back_up(warehouse, tmp_path / "备份.zip", actor=Actor("主管"))
    with warehouse.cursor() as cursor:
        said = cursor.execute("select actor, detail from main.audit_log where action = 'urges taken'").fetchall()
    assert any(actor == "阿敏" and "U33" in detail for actor, detail in said)
    safety.restore(tmp_path / "home", tmp_path / "备份.zip", actor=Actor("主管"))
    with ledger.ledger_of(tmp_path / "home") as restored:
        assert listed(restored)["U33"]["taken_by"] == "阿敏"
        analyses.wait(10)


def test_a_model_that_an_older_program_kept_in_another_form_ranks_by_amount(warehouse, monkeypatch):
    older = analyses.Standing({"method": "model", "slopes": [1]}, False, NOW)
    monkeypatch.setattr(analyses, "look", lambda *_, **__: older)
    assert {row["chance_ship"] for row in listed(warehouse).values()} == {None}
    assert urges.standing(warehouse, actor=MIN, now=NOW)[SHOP].model.method == "by_amount"


def test_the_list_of_nothing_is_empty_and_says_so(tmp_path):
    with ledger.ledger_of(tmp_path) as empty:
        assert urges.list_urges(empty, actor=MIN, now=NOW, tab=None).empty
        assert urges.alarms(empty, actor=MIN, now=NOW) == []
        assert urges.freshness(empty, actor=MIN, now=NOW) == []
        assert urges.weeks(empty, actor=MIN).empty
