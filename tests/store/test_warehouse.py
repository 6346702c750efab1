"""Opening, locking down, cursors and transactions."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from analytics.errors import OperatorError
from analytics.store import loads, lock
from analytics.store.warehouse import Warehouse
from tests.store.staged_files import ACTOR, NOW, SHOP, order, stage

HOLD_WITH_THE_PROGRAM = """
import sys
from pathlib import Path
from analytics.store.warehouse import Warehouse
warehouse = Warehouse.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""
HOLD_WITH_DUCKDB = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1] + "/ledger.duckdb")
print("open", flush=True)
sys.stdin.read()
"""
ESCAPES = {
    "read a file as csv": "select * from read_csv('{outside}')",
    "read a file as text": "select * from read_text('{outside}')",
    "read a file as bytes": "select size from read_blob('{outside}')",
    "read a file as json": "select * from read_json('{outside}')",
    "read a file as parquet": "select * from read_parquet('{outside}')",
    "read a file by its name": "select * from '{outside}'",
    "sniff a file": "select * from sniff_csv('{outside}')",
    "list a folder": "select * from glob('{folder}/*')",
    "leave staging by dots": "select * from read_text('{staging}/../../secret.csv')",
    "read the key": "select * from read_text('{home}/buyer.key')",
    "attach a database": "attach '{folder}/other.duckdb' as other",
    "write a file": "copy (select 1) to '{folder}/out.csv'",
    "export the database": "export database '{folder}/out'",
    "install an extension": "install httpfs",
    "load an extension": "load httpfs",
    "read the web": "select * from read_csv('https://example.org/a.csv')",
    "change a setting": "set threads = 1",
    "lift the lock": "set lock_configuration = false",
    "allow everything": "set enable_external_access = true",
    "allow a folder": "set allowed_directories = ['/']",
    "reset a setting": "reset allowed_directories",
    "read a variable of Python": "select * from escape_in_python",
    "write a profile": "pragma profiling_output = '{folder}/profile.json'",
    "keep a secret": "create persistent secret s (type http, bearer_token 'x')",
}


@pytest.mark.parametrize("attempt", ESCAPES.values(), ids=ESCAPES)
def test_sql_cannot_leave_the_staging_folder(warehouse: Warehouse, tmp_path: Path, attempt: str) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("a,b\n1,2\n", encoding="utf-8")
    escape_in_python = pa.table({"x": [1]})
    assert escape_in_python.num_rows == 1
    places = {"outside": outside, "folder": tmp_path, "staging": warehouse.staging, "home": warehouse.home}
    with warehouse.bare_cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(attempt.format(**{name: path.as_posix() for name, path in places.items()})).fetchall()


def test_opening_makes_the_folders_and_a_key_that_only_its_owner_reads(home: Path) -> None:
    warehouse = Warehouse.open(home)
    key = warehouse.buyer_key()
    warehouse.close()
    assert {path.name for path in home.iterdir() if path.is_dir()} == {"staging", "backups", "logs", "inbox", "temp"}
    assert len(key) == 32
    if os.name == "posix":
        assert (home / "buyer.key").stat().st_mode & 0o777 == 0o600
    again = Warehouse.open(home)
    assert again.buyer_key() == key
    again.close()


def test_what_a_crash_left_in_staging_is_swept(warehouse: Warehouse, home: Path) -> None:
    (home / "staging" / "load-1").mkdir()
    (home / "staging" / "load-1" / "orders.parquet").touch()
    (home / "staging" / "backup-1.duckdb").touch()
    warehouse.close()
    Warehouse.open(home).close()
    assert list((home / "staging").iterdir()) == []


@pytest.mark.parametrize("program", [HOLD_WITH_THE_PROGRAM, HOLD_WITH_DUCKDB], ids=["this program", "another program"])
def test_a_second_process_is_told_who_holds_the_ledger_and_about_the_inbox(home: Path, program: str) -> None:
    Warehouse.open(home).close()
    command = [sys.executable, "-c", program, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(OperatorError) as refusal:
            Warehouse.open(home)
        holder.communicate("")
    if os.name == "posix":
        assert f"进程号 {holder.pid}）" in str(refusal.value)
    assert "正由另一个程序使用" in str(refusal.value)
    assert f"或者把文件放进 inbox/ 文件夹（{home / 'inbox'}），由它在运行中读入。" in str(refusal.value)
    Warehouse.open(home).close()


def test_a_ledger_is_open_once_in_its_own_process_too(warehouse: Warehouse, home: Path) -> None:
    with pytest.raises(OperatorError, match=f"进程号 {os.getpid()}）"):
        Warehouse.open(home)


def test_a_stale_pid_file_is_harmless(home: Path) -> None:
    home.mkdir()
    (home / "ledger.pid").write_text("streamlit，进程号 1", encoding="utf-8")
    Warehouse.open(home).close()


def test_the_pid_file_never_holds_arguments(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/analytics/__main__.py", "import", "--password", "geheim"])
    Warehouse.open(home).close()
    assert (home / "ledger.pid").read_text(encoding="utf-8") == f"analytics/__main__.py，进程号 {os.getpid()}"


def test_a_failing_start_lets_go_of_the_folder(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    (home / "ledger.duckdb").write_bytes(b"not a database" * 1000)
    for _ in range(2):
        with pytest.raises(OperatorError, match=r"账本「.*ledger.duckdb」：无法读取（.*请用 restore 从备份恢复"):
            Warehouse.open(home)
    lock.HomeLock(home).release()


def test_the_file_can_be_opened_by_the_long_supported_line_of_duckdb(warehouse: Warehouse) -> None:
    with warehouse.cursor() as cursor:
        ((tags,),) = cursor.execute("select tags from duckdb_databases() where database_name = 'ledger'").fetchall()
    assert tags["storage_version"].startswith("v1.5.0")


def test_a_reading_cursor_cannot_write_and_sees_one_state(warehouse: Warehouse) -> None:
    with warehouse.cursor() as reader:
        before = reader.execute("select version from ledger_version").fetchall()
        with warehouse.transaction() as writer:
            writer.execute("insert into shops values ('甲', false, timestamp '2026-01-01')")
        assert reader.execute("select version from ledger_version").fetchall() == before
        reader.execute("create temp table notes as select 1 as x")
        with pytest.raises(duckdb.Error, match="read-only"):
            reader.execute("insert into shops values ('乙', false, timestamp '2026-01-01')")
    assert warehouse.version() == before[0][0] + 1


def test_a_transaction_keeps_everything_or_nothing(warehouse: Warehouse) -> None:
    with pytest.raises(duckdb.CatalogException), warehouse.transaction() as cursor:
        cursor.execute("insert into shops values ('甲', false, timestamp '2026-01-01'); insert into no_such_table values (1)")
    with warehouse.transaction(changes_facts=False) as cursor:
        cursor.execute("insert into shops values ('乙', false, timestamp '2026-01-01')")
    with warehouse.cursor() as cursor:
        assert cursor.execute("select shop from shops").fetchall() == [("乙",)]
    assert warehouse.version() == 0


def test_a_trial_is_taken_back_whether_it_fails_or_not(warehouse: Warehouse) -> None:
    with warehouse.trial() as cursor:
        cursor.execute("insert into shops values ('甲', false, timestamp '2026-01-01')")
    with pytest.raises(duckdb.Error), warehouse.trial() as cursor:
        cursor.execute("insert into no_such_table values (1)")
    with warehouse.cursor() as cursor:
        assert cursor.execute("select * from shops").fetchall() == []


def test_sixteen_threads_get_right_answers(warehouse: Warehouse) -> None:
    loads.commit_load(
        warehouse,
        stage(warehouse.staging, [order(str(n), paid_fen=n, city=f"城{n % 7}") for n in range(2_000)]),
        shop=SHOP,
        actor=ACTOR,
        now=NOW,
    )
    expected = [sum(n for n in range(2_000) if n % 7 == city) for city in range(7)]

    def ask(number: int) -> bool:
        with warehouse.cursor() as cursor:
            query = "select sum(paid_fen)::bigint from order_lines where city = $city"
            return cursor.execute(query, {"city": f"城{number % 7}"}).fetchall() == [(expected[number % 7],)]

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(800)))


def test_two_threads_that_load_wait_in_line(warehouse: Warehouse) -> None:
    start = threading.Barrier(2)

    def load_some(shop: str) -> list[int | None]:
        start.wait()
        staged = [stage(warehouse.staging, [order(str(n)), order(f"{shop}{n}")]) for n in range(5)]
        return [loads.commit_load(warehouse, file, shop=shop, actor=ACTOR, now=NOW).load_id for file in staged]

    with ThreadPoolExecutor(2) as pool:
        load_ids = [load_id for mine in pool.map(load_some, ("甲", "乙")) for load_id in mine]
    assert sorted(load_ids) == list(range(1, 11))
    with warehouse.cursor() as cursor:
        counted = cursor.execute("select shop, count(*) from order_lines group by shop order by shop").fetchall()
    assert counted == [("乙", 10), ("甲", 10)]
    assert warehouse.version() == 10


def test_the_same_file_from_two_threads_is_loaded_once(warehouse: Warehouse) -> None:
    staged = [stage(warehouse.staging, [order("1")], sha256="a") for _ in range(2)]

    def load_one(number: int) -> bool:
        return loads.commit_load(warehouse, staged[number], shop=SHOP, actor=ACTOR, now=NOW).already_loaded_at is not None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(load_one, range(2))) == [False, True]


def test_a_database_that_a_fatal_error_has_shut_is_opened_again(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk while the log is written into the database shuts it; what was committed is in the log."""

    class Shut:
        def cursor(self) -> None:
            raise duckdb.FatalException("database has been invalidated because of a previous fatal error")

        def close(self) -> None: ...

    loads.commit_load(warehouse, stage(warehouse.staging, [order("1")]), shop=SHOP, actor=ACTOR, now=NOW)
    warehouse._connection.close()
    monkeypatch.setattr(warehouse, "_connection", Shut())
    warehouse.checkpoint()
    with warehouse.cursor() as cursor:
        assert cursor.execute("select order_id from order_lines").fetchall() == [("1",)]


def test_a_full_disk_is_one_sentence_and_the_ledger_stays_open(warehouse: Warehouse) -> None:
    with pytest.raises(OperatorError, match=r"磁盘（.*）：已写满；.*请腾出空间后再试"), warehouse.transaction():
        raise duckdb.IOException("Could not write file: No space left on device")
    assert warehouse.version() == 0


@pytest.mark.parametrize("position", [0, 12_288])
def test_a_ledger_with_damaged_bytes_is_called_damaged_and_not_held(home: Path, position: int) -> None:
    Warehouse.open(home).close()
    content = bytearray((home / "ledger.duckdb").read_bytes())
    content[position : position + 4_096] = b"\xff" * 4_096
    (home / "ledger.duckdb").write_bytes(content)
    with pytest.raises(OperatorError, match=r"无法读取（.*）；应为：完好的账本文件。请用 restore 从备份恢复"):
        Warehouse.open(home)


def test_damage_that_shows_only_when_it_is_read_is_the_same_sentence(warehouse: Warehouse) -> None:
    message = "Corrupt database file: computed checksum 5 does not match stored checksum 6 in block at location 798720"
    with pytest.raises(OperatorError, match=r"账本「.*」：无法读取（Corrupt database file"), warehouse.cursor():
        raise duckdb.IOException(message)
