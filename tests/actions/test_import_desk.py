"""The import desk without a page: dropped files are previewed, confirmed, stored in line, given up, and never left lying."""

from __future__ import annotations

import io
import random
import shutil
import stat
import threading
from datetime import datetime

import msoffcrypto
import pytest

from analytics.actions import import_desk, imports, ledger, sample
from analytics.actions.import_desk import ImportDesk
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from analytics.store import audit
from analytics.store.shops import SAMPLE_SHOP
from tests.intake.makers import write_workbook
from tests.journeys.exports import ORDER_HEADERS, case, order, write_cases, write_orders

NOW = datetime(2026, 11, 23, 9)
ME, SHE = Actor("小甲"), Actor("小乙")
PATIENCE = 60.0


class Clock:
    """A stopwatch that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def warehouse(tmp_path):
    with ledger.ledger_of(tmp_path / "账本 家") as opened:
        yield opened


@pytest.fixture
def stopwatch():
    return Clock()


@pytest.fixture
def desk(warehouse, stopwatch):
    opened = ImportDesk(warehouse, clock=lambda: NOW, stopwatch=stopwatch)
    yield opened
    opened.close()


@pytest.fixture
def drop_in(desk, tmp_path):
    """Drop a file at the desk; `name` is what the person calls it."""

    def drop(path, *, name=None, drop="甲", shop="甲店", actor=ME):
        content = path.read_bytes()
        return desk.submit(drop, name or path.name, io.BytesIO(content), len(content), shop=shop, actor=actor)

    return drop


def orders(tmp_path, *order_ids, name="订单导出.csv", **cells):
    return write_orders(tmp_path / "导出" / name, *(order(one, **cells) for one in order_ids))


def settled(desk, drop="甲"):
    return desk.wait(drop, PATIENCE)


def left_behind(warehouse):
    return [path for path in warehouse.staging.rglob("*") if path.is_file()]


def facts(warehouse):
    with warehouse.cursor() as cursor:
        return cursor.execute("select shop, order_id, paid_fen from order_lines order by all").fetchall()


class Gate:
    """Holds the thread that stores until the test lets it go on."""

    def __init__(self, monkeypatch) -> None:
        self.reached, self.may_go_on = threading.Event(), threading.Event()
        store = imports.store_staged

        def held(*args, **kwargs):
            self.reached.set()
            assert self.may_go_on.wait(PATIENCE)
            return store(*args, **kwargs)

        monkeypatch.setattr(import_desk.imports, "store_staged", held)


def test_a_dropped_file_is_previewed_and_nothing_is_stored_until_it_is_confirmed(desk, drop_in, warehouse, tmp_path):
    drop_in(orders(tmp_path, "1001", "1002"))
    (job,) = settled(desk)
    assert (job.state, job.receipt.rows, job.receipt.new, job.receipt.money_in_fen) == ("ready", 2, 2, 20000)
    assert facts(warehouse) == []
    desk.confirm("甲", actor=ME)
    (job,) = settled(desk)
    assert (job.state, job.receipt.load_id, job.receipt.loaded_by, job.receipt.loaded_at) == ("done", 1, "小甲", NOW)
    assert facts(warehouse) == [("甲店", "1001", 10000), ("甲店", "1002", 10000)]


def test_the_receipt_is_the_preview_and_the_same_that_the_command_line_gets(desk, drop_in, warehouse, tmp_path):
    path = orders(tmp_path, "1001", "1002", "1003")
    drop_in(path)
    (preview,) = settled(desk)
    direct = imports.import_file(warehouse, path, imports.ImportOptions(shop="甲店", dry_run=True), actor=ME, now=NOW)
    assert preview.receipt == direct
    desk.confirm("甲", actor=ME)
    (done,) = settled(desk)
    assert [done.receipt.new, done.receipt.money_stored_fen] == [direct.new, direct.money_stored_fen]


def test_the_bytes_lie_under_their_hash_for_the_owner_only_and_go_when_the_file_is_in(desk, drop_in, warehouse, tmp_path):
    job = drop_in(orders(tmp_path, "1001"), name="../../etc/阿丽 13900000007.csv")
    assert job.file == "阿丽 ***.csv"
    (job,) = settled(desk)
    assert stat.S_IMODE(job.upload.stat().st_mode) == 0o600
    assert stat.S_IMODE(job.folder.stat().st_mode) == 0o700
    assert job.upload.name == job.sha256
    assert job.folder.parent == warehouse.staging
    assert "13900000007" not in repr(job)
    desk.confirm("甲", actor=ME)
    settled(desk)
    assert left_behind(warehouse) == []
    with warehouse.cursor() as cursor:
        assert cursor.execute("select file_name from loads").fetchall() == [("阿丽 ***.csv",)]


def test_a_cancelled_file_leaves_nothing(desk, drop_in, warehouse, tmp_path):
    job = drop_in(orders(tmp_path, "1001"))
    settled(desk)
    assert desk.cancel(job.job_id, actor=ME).state == "cancelled"
    assert left_behind(warehouse) == []
    assert desk.confirm("甲", actor=ME) == []
    assert facts(warehouse) == []


def test_a_file_cancelled_while_it_is_read_leaves_nothing_either(desk, drop_in, warehouse, tmp_path, monkeypatch):
    reading, may_go_on = threading.Event(), threading.Event()
    read = imports.read_upload

    def held(*args, **kwargs):
        reading.set()
        assert may_go_on.wait(PATIENCE)
        return read(*args, **kwargs)

    monkeypatch.setattr(import_desk.imports, "read_upload", held)
    first = drop_in(orders(tmp_path, "1001"))
    assert reading.wait(PATIENCE)
    desk.cancel(first.job_id, actor=ME)
    may_go_on.set()
    drop_in(orders(tmp_path, "2001", name="另一份.csv"))
    assert [job.state for job in settled(desk)] == ["cancelled", "ready"]
    (kept,) = {path.parent.name for path in left_behind(warehouse) if path.parent.name.startswith("desk-")}
    assert kept != first.folder.name


def test_what_is_said_of_a_file_while_it_is_read_counts_and_the_earlier_reading_does_not(desk, drop_in, tmp_path, monkeypatch):
    reading, may_go_on = threading.Event(), threading.Event()
    read = imports.read_upload

    def held(*args, **kwargs):
        reading.set()
        assert may_go_on.wait(PATIENCE)
        return read(*args, **kwargs)

    monkeypatch.setattr(import_desk.imports, "read_upload", held)
    job = drop_in(orders(tmp_path, "1001"))
    assert reading.wait(PATIENCE)
    desk.change(job.job_id, actor=ME, list_kind="priority_ship")
    may_go_on.set()
    (read_again,) = settled(desk)
    assert (read_again.state, read_again.staged.list_kind, read_again.revision) == ("ready", "priority_ship", 1)


def test_a_file_cannot_be_said_to_be_a_list_that_there_is_not(desk, drop_in, tmp_path):
    job = drop_in(orders(tmp_path, "1001"))
    settled(desk)
    with pytest.raises(OperatorError, match="全部订单"):
        desk.change(job.job_id, actor=ME, list_kind="全部订单")
    (kept,) = settled(desk)
    assert (kept.state, kept.staged.list_kind, kept.revision) == ("ready", "all", 0)


def test_what_waits_in_line_can_be_cancelled_and_what_is_stored_cannot(desk, drop_in, warehouse, tmp_path, monkeypatch):
    gate = Gate(monkeypatch)
    first = drop_in(orders(tmp_path, "1001"))
    second = drop_in(orders(tmp_path, "2001", name="另一份.csv"))
    settled(desk)
    desk.confirm("甲", actor=ME)
    assert gate.reached.wait(PATIENCE)
    assert desk.cancel(first.job_id, actor=ME).state == "storing"
    assert desk.cancel(second.job_id, actor=ME).state == "cancelled"
    gate.may_go_on.set()
    assert [job.state for job in settled(desk)] == ["done", "cancelled"]
    assert [order_id for _, order_id, _ in facts(warehouse)] == ["1001"]


def test_a_second_person_waits_in_line_and_sees_whose_turn_it_is(desk, drop_in, warehouse, tmp_path, monkeypatch):
    gate = Gate(monkeypatch)
    drop_in(orders(tmp_path, "1001"))
    drop_in(orders(tmp_path, "2001", name="她的.csv"), drop="乙", actor=SHE)
    settled(desk)
    settled(desk, "乙")
    desk.confirm("甲", actor=ME)
    assert gate.reached.wait(PATIENCE)
    desk.confirm("乙", actor=SHE)
    assert [(job.asker.name, job.state) for job in desk.line(actor=SHE)] == [("小甲", "storing"), ("小乙", "queued")]
    (hers,) = desk.jobs("乙", actor=SHE)
    assert desk.progress(hers).ahead == 1
    assert desk.progress(hers).seconds_left > desk.progress(desk.jobs("甲", actor=ME)[0]).seconds_left
    gate.may_go_on.set()
    assert [job.state for job in settled(desk, "乙")] == ["done"]
    assert len(facts(warehouse)) == 2


def test_who_is_bound_to_a_shop_sees_that_others_wait_but_not_with_what(desk, drop_in, tmp_path, monkeypatch):
    gate = Gate(monkeypatch)
    drop_in(orders(tmp_path, "1001", name="甲的秘密.csv"))
    settled(desk)
    desk.confirm("甲", actor=ME)
    assert gate.reached.wait(PATIENCE)
    (seen,) = desk.line(actor=Actor("小乙", "operate", ("乙店",)))
    assert (seen.file, seen.shop) == ("", "")
    gate.may_go_on.set()
    settled(desk)


def test_files_may_be_confirmed_in_any_order(desk, drop_in, warehouse, tmp_path):
    older = write_orders(tmp_path / "订单导出_20261001090000.csv", order("1001", 订单状态="已发货"))
    newer = write_orders(tmp_path / "订单导出_20261101090000.csv", order("1001", 订单状态="交易成功"))
    paths = [older, newer, write_cases(tmp_path / "售后单.csv", case("5001", "1001"))]
    random.Random(7).shuffle(paths)
    for path in paths:
        drop_in(path)
    assert {job.state for job in settled(desk)} == {"ready"}
    assert len(desk.confirm("甲", actor=ME)) == 3
    assert {job.state for job in settled(desk)} == {"done"}
    with warehouse.cursor() as cursor:
        assert cursor.execute("select order_status from order_lines").fetchall() == [("交易成功",)]


def test_the_same_file_in_one_drop_counts_once(desk, drop_in, tmp_path):
    path = orders(tmp_path, "1001")
    drop_in(path)
    again = drop_in(path, name="订单导出 (1).csv")
    assert (again.state, again.twin_of) == ("twin", "订单导出.csv")
    settled(desk)
    assert len(desk.confirm("甲", actor=ME)) == 1


def test_a_file_that_is_in_says_since_when_and_is_not_stored_again(desk, drop_in, warehouse, tmp_path):
    path = orders(tmp_path, "1001")
    imports.import_file(warehouse, path, imports.ImportOptions(shop="甲店"), actor=ME, now=NOW)
    drop_in(path)
    (job,) = settled(desk)
    assert (job.state, job.receipt.already_loaded_at) == ("already", NOW)
    assert desk.confirm("甲", actor=ME) == []


def test_a_file_that_is_in_can_be_told_to_be_the_list_of_a_tool(desk, drop_in, warehouse, tmp_path):
    path = orders(tmp_path, "1001")
    imports.import_file(warehouse, path, imports.ImportOptions(shop="甲店"), actor=ME, now=NOW)
    job = drop_in(path)
    settled(desk)
    told = datetime(2026, 10, 2, 8)
    desk.change(job.job_id, actor=ME, list_kind="urge_ship", exported_at=told)
    assert [one.state for one in settled(desk)] == ["ready"]
    desk.confirm("甲", actor=ME)
    assert [one.state for one in settled(desk)] == ["done"]
    with warehouse.cursor() as cursor:
        assert cursor.execute("select tool, seen_at from tag_sightings").fetchall() == [("urge_ship", told)]


def test_two_people_confirming_the_same_file_store_it_once(desk, drop_in, warehouse, tmp_path):
    path = orders(tmp_path, "1001")
    drop_in(path)
    drop_in(path, drop="乙", actor=SHE)
    settled(desk)
    settled(desk, "乙")
    desk.confirm("甲", actor=ME)
    desk.confirm("乙", actor=SHE)
    (mine,), (hers,) = settled(desk), settled(desk, "乙")
    assert [mine.receipt.already_loaded_at, hers.receipt.already_loaded_at] == [None, NOW]
    assert len(imports.list_imports(warehouse, actor=ME)) == 1


def test_a_file_of_another_shop_is_asked_about_and_can_be_given_to_it(desk, drop_in, warehouse, tmp_path):
    first = orders(tmp_path, "1001", "1002", "1003")
    imports.import_file(warehouse, first, imports.ImportOptions(shop="乙店"), actor=ME, now=NOW)
    job = drop_in(orders(tmp_path, "1001", "1002", "1004", name="新.csv"))
    (asked,) = settled(desk)
    assert (asked.state, asked.other_shop, round(asked.other_share, 2)) == ("other_shop", "乙店", 0.67)
    assert desk.confirm("甲", actor=ME) == []
    desk.change(job.job_id, actor=ME, shop="乙店")
    (given,) = settled(desk)
    assert (given.state, given.receipt.shop, given.receipt.new) == ("ready", "乙店", 1)


def test_a_file_kept_in_its_shop_on_purpose_says_so_in_its_receipt(desk, drop_in, warehouse, tmp_path):
    first = orders(tmp_path, "1001")
    imports.import_file(warehouse, first, imports.ImportOptions(shop="乙店"), actor=ME, now=NOW)
    job = drop_in(orders(tmp_path, "1001", name="新.csv", 实付款="¥90.00"))
    settled(desk)
    desk.change(job.job_id, actor=ME, shop="甲店")
    desk.confirm("甲", actor=ME) or settled(desk)
    desk.confirm("甲", actor=ME)
    (done,) = settled(desk)
    assert done.state == "done"
    assert any("已属于店铺「乙店」" in surprise for surprise in done.receipt.surprises)


def test_changing_the_shop_moves_what_waits_but_not_what_was_said_of_one_file_alone(desk, drop_in, tmp_path):
    first = drop_in(orders(tmp_path, "1001", name="甲.csv"))
    second = drop_in(orders(tmp_path, "1002", name="乙.csv"))
    settled(desk)
    desk.change(second.job_id, actor=ME, shop="丙店")
    settled(desk)
    desk.move("甲", "乙店", actor=ME)
    assert [(job.file, job.state, job.receipt.shop) for job in settled(desk)] == [
        (first.file, "ready", "乙店"),
        (second.file, "ready", "丙店"),
    ]


@pytest.mark.parametrize("name", [SAMPLE_SHOP, " ", "店" * 41])
def test_no_real_shop_has_the_samples_name_or_none(drop_in, tmp_path, name):
    with pytest.raises(OperatorError, match="店铺"):
        drop_in(orders(tmp_path, "1001"), shop=name)


def protected(tmp_path, password):
    lines = [ORDER_HEADERS, [order("1001").get(name, "") for name in ORDER_HEADERS]]
    plain = write_workbook(tmp_path / "plain.xlsx", {"Sheet1": lines})
    path = tmp_path / "订单导出_加密.xlsx"
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.OfficeFile(source).encrypt(password, target)
    return path


def test_a_protected_workbook_asks_for_its_password_and_takes_the_right_one(desk, drop_in, tmp_path):
    job = drop_in(protected(tmp_path, "k7Qm2x"))
    (asked,) = settled(desk)
    assert (asked.state, asked.error.found) == ("needs_password", "它有密码保护，文件名最后六位不是密码")
    desk.change(job.job_id, actor=ME, password="wrong1")
    (asked,) = settled(desk)
    assert (asked.state, asked.error.found) == ("needs_password", "给出的密码打不开它")
    desk.change(job.job_id, actor=ME, password="k7Qm2x")
    (read,) = settled(desk)
    assert (read.state, read.receipt.new) == ("ready", 1)
    assert "k7Qm2x" not in repr(read)


@pytest.mark.parametrize(
    ("name", "content"),
    [("空.csv", b""), ("程序改名.xlsx", b"MZ\x90\x00" * 99), ("不是导出.csv", "甲,乙\n1,2\n".encode())],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence_and_removed(desk, warehouse, name, content):
    desk.submit("甲", name, io.BytesIO(content), len(content), shop="甲店", actor=ME)
    (job,) = settled(desk)
    assert job.state == "refused"
    assert job.error.where == f"「{name}」"
    assert left_behind(warehouse) == []


def test_a_fault_ends_with_a_code_and_the_desk_works_on(desk, drop_in, warehouse, tmp_path, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        patch.setattr(import_desk.imports, "store_staged", lambda *args, **kwargs: 1 / 0)
        drop_in(orders(tmp_path, "1001"))
        settled(desk)
        desk.confirm("甲", actor=ME)
        (broken,) = settled(desk)
    assert (broken.state, len(broken.code), broken.error) == ("failed", 8, None)
    assert any(broken.code in record.getMessage() for record in caplog.records)
    assert left_behind(warehouse) == []
    drop_in(orders(tmp_path, "1001"))
    settled(desk)
    desk.confirm("甲", actor=ME)
    assert [job.state for job in settled(desk)] == ["failed", "done"]


def test_files_that_nobody_looks_at_any_more_are_removed(desk, drop_in, stopwatch, warehouse, tmp_path):
    drop_in(orders(tmp_path, "1001"))
    settled(desk)
    desk.jobs("甲", actor=ME)
    stopwatch.seconds += import_desk.UNSEEN_SECONDS - 1
    desk.tend()
    assert [job.state for job in desk.jobs("甲", actor=ME)] == ["ready"]
    stopwatch.seconds += import_desk.UNSEEN_SECONDS + 1
    desk.tend()
    assert [job.state for job in desk.jobs("甲", actor=ME)] == ["expired"]
    assert left_behind(warehouse) == []
    stopwatch.seconds += import_desk.REMEMBERED_SECONDS + 1
    desk.tend()
    assert desk.jobs("甲", actor=ME) == []


def test_a_confirmed_file_is_stored_although_its_page_was_closed(desk, drop_in, stopwatch, warehouse, tmp_path, monkeypatch):
    gate = Gate(monkeypatch)
    drop_in(orders(tmp_path, "1001"))
    settled(desk)
    desk.confirm("甲", actor=ME)
    assert gate.reached.wait(PATIENCE)
    stopwatch.seconds += 10 * import_desk.UNSEEN_SECONDS
    desk.tend()
    gate.may_go_on.set()
    settled(desk)
    assert len(facts(warehouse)) == 1


def test_what_a_crash_left_lying_is_swept_when_the_ledger_is_opened_again(tmp_path):
    home = tmp_path / "家"
    with ledger.ledger_of(home) as opened:
        desk = ImportDesk(opened, clock=lambda: NOW)
        path = orders(tmp_path, "1001")
        desk.submit("甲", path.name, path.open("rb"), path.stat().st_size, shop="甲店", actor=ME)
        desk.wait("甲", PATIENCE)
        shutil.copytree(opened.staging, tmp_path / "kept")
        desk.close()
        assert left_behind(opened) == []
        shutil.copytree(tmp_path / "kept", opened.staging, dirs_exist_ok=True)
        assert left_behind(opened)
    with ledger.ledger_of(home) as opened:
        assert left_behind(opened) == []
        assert facts(opened) == []


def test_too_much_is_refused_before_it_is_written(desk, drop_in, warehouse, tmp_path, monkeypatch):
    path = orders(tmp_path, "1001")
    with monkeypatch.context() as patch:
        patch.setattr(import_desk, "LARGEST_UPLOAD_BYTES", 10)
        with pytest.raises(OperatorError, match="inbox"):
            drop_in(path)
    with monkeypatch.context() as patch:
        patch.setattr(import_desk, "LARGEST_DROP_BYTES", path.stat().st_size + 10)
        drop_in(path)
        with pytest.raises(OperatorError, match="先导入或取消"):
            drop_in(orders(tmp_path, "1002", name="第二份.csv"))
    with monkeypatch.context() as patch:
        patch.setattr(import_desk, "MOST_FILES", 1)
        with pytest.raises(OperatorError, match="先导入或取消"):
            drop_in(orders(tmp_path, "1002", name="第二份.csv"))
    assert len(settled(desk)) == 1


def test_many_files_at_once_are_all_stored(desk, drop_in, warehouse, tmp_path):
    for number in range(10):
        drop_in(orders(tmp_path, f"{1000 + number}", name=f"订单 {number}.csv"))
    assert {job.state for job in settled(desk)} == {"ready"}
    assert len(desk.confirm("甲", actor=ME)) == 10
    assert {job.state for job in settled(desk)} == {"done"}
    assert len(facts(warehouse)) == 10


def test_undo_goes_through_the_same_line_and_gives_the_ledger_back(desk, drop_in, warehouse, tmp_path):
    drop_in(orders(tmp_path, "1001"))
    settled(desk)
    desk.confirm("甲", actor=ME)
    (done,) = settled(desk)
    desk.undo("甲", done.load_id, actor=ME)
    assert [job.state for job in settled(desk)] == ["done", "done"]
    assert facts(warehouse) == []
    with pytest.raises(OperatorError, match="撤销"):
        desk.undo("甲", done.load_id, actor=ME)
    with pytest.raises(OperatorError, match="没有编号"):
        desk.undo("甲", 99, actor=ME)


def test_removing_the_sample_shop_takes_back_all_of_it_and_nothing_else(desk, warehouse, tmp_path):
    for number, shop in enumerate((SAMPLE_SHOP, SAMPLE_SHOP, "甲店")):
        path = orders(tmp_path, f"{1001 + number}", name=f"{number}.csv")
        imports.import_file(warehouse, path, imports.ImportOptions(shop=shop), actor=ME, now=NOW)
    desk.remove_sample("甲", actor=ME)
    assert [job.state for job in settled(desk)] == ["done"]
    assert facts(warehouse) == [("甲店", "1003", 10000)]
    with warehouse.cursor() as cursor:
        assert audit.has_happened(cursor, sample.SAMPLE_REMOVED)
    assert sample.remove_sample(warehouse, actor=ME, now=NOW) == 0


def test_a_removed_sample_shop_does_not_come_back(warehouse):
    sample.remove_sample(warehouse, actor=ME, now=NOW)
    sample.ensure_sample_shop(warehouse, today=NOW.date(), actor=ME)
    assert imports.list_imports(warehouse, actor=ME) == []


def test_the_time_left_of_a_file_being_stored_runs_down_and_ends_short_of_nothing(
    desk, drop_in, stopwatch, tmp_path, monkeypatch
):
    gate = Gate(monkeypatch)
    drop_in(orders(tmp_path, *(str(number) for number in range(1001, 1101))))
    settled(desk)
    desk.confirm("甲", actor=ME)
    assert gate.reached.wait(PATIENCE)
    (job,) = desk.jobs("甲", actor=ME)
    first = desk.progress(job)
    stopwatch.seconds += 60
    later = desk.progress(job)
    assert first.share < later.share == 0.95
    assert first.rows is None  # how many rows are stored is not known: none is made up
    assert later.seconds_left == import_desk.LEAST_SECONDS
    gate.may_go_on.set()
    settled(desk)


def test_another_drops_ids_are_of_no_use_to_who_may_not_touch_the_shop(desk, drop_in, tmp_path):
    job = drop_in(orders(tmp_path, "1001"))
    settled(desk)
    stranger = Actor("小丙", "operate", ("丙店",))
    assert desk.jobs("甲", actor=stranger) == []
    for touch in (
        lambda: desk.cancel(job.job_id, actor=stranger),
        lambda: desk.change(job.job_id, actor=stranger, shop="丙店"),
        lambda: desk.confirm("甲", actor=stranger),
        lambda: desk.remove_sample("甲", actor=stranger),
    ):
        with pytest.raises(OperatorError, match="小丙"):
            touch()


def test_who_may_only_look_brings_nothing_in_and_takes_nothing_back(desk, drop_in, warehouse, tmp_path):
    viewer, path = Actor("看板", "view"), orders(tmp_path, "1001")
    imports.import_file(warehouse, path, imports.ImportOptions(shop="甲店"), actor=ME, now=NOW)
    for deed in (
        lambda: drop_in(path, actor=viewer),
        lambda: desk.undo("甲", 1, actor=viewer),
        lambda: desk.remove_sample("甲", actor=viewer),
    ):
        with pytest.raises(OperatorError, match="角色是看板"):
            deed()
    assert len(facts(warehouse)) == 1
    assert left_behind(warehouse) == []
