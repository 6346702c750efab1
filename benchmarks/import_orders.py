"""Importing Kuaishou orders: against DuckDB reading the same CSV, again and changed, and against calamine reading a workbook."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from python_calamine import CalamineWorkbook

from analytics import intake
from analytics.actions.imports import ImportOptions, import_file
from analytics.actions.ledger import open_ledger
from analytics.domain.loads import Actor
from analytics.settings import warehouse_memory_mb, warehouse_threads
from analytics.store import loads
from analytics.store.connection import STORAGE_VERSION
from analytics.store.warehouse import Warehouse
from benchmarks import shops
from benchmarks.measure import Measured, Stopwatch, line_of, measured, median_of, print_machine, ratio_line

NOW = datetime(2026, 1, 15, 9, 0)
FIRST, AGAIN, RENAMED, CHANGED = "first import", "same file again", "same rows, other file", "10 % of rows changed"


def product_import(watch: Stopwatch, home: Path, file: Path) -> dict[str, Any]:
    """Import a file into the ledger of `home` by the product's own action; opening and closing do not count."""
    warehouse = open_ledger(home)
    intake.read_file = watch.timed("read in the child", intake.read_file)
    loads.commit_load = watch.timed("store", loads.commit_load)
    Warehouse.checkpoint = watch.timed("checkpoint", Warehouse.checkpoint)
    with watch.running():
        receipt = import_file(warehouse, file, ImportOptions(), actor=Actor("benchmark"), now=NOW)
    warehouse.close()
    if "checkpoint" in watch.stage_s:
        watch.stage_s["store"] -= watch.stage_s["checkpoint"]
    return asdict(receipt)


def duckdb_import(watch: Stopwatch, database: Path, file: Path) -> dict[str, Any]:
    """Read a UTF-8 CSV, every cell as text, into a bare table on disk, up to its checkpoint."""
    limits = {"threads": warehouse_threads(), "memory_limit": f"{warehouse_memory_mb()}MiB"}
    connection = duckdb.connect(str(database), config={**limits, "storage_compatibility_version": STORAGE_VERSION})
    connection.execute("set enable_progress_bar = false")
    with watch.running():
        connection.execute("create table orders as from read_csv($file, all_varchar = true)", {"file": str(file)})
        connection.execute("checkpoint")
    (row_count,) = connection.execute("select count(*) from orders").fetchone()
    connection.close()
    return {"rows": row_count}


def calamine_read(watch: Stopwatch, file: Path) -> dict[str, Any]:
    """Read the sheet of a workbook into rows of Python objects."""
    with watch.running():
        rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    return {"rows": len(rows) - 1}


def measure_csv(folder: Path, row_count: int, run_count: int) -> dict[str, Measured]:
    """Import the shop's CSV, the same again and a changed one, in turn with DuckDB's own reading; return medians by side."""
    files = _csv_files(folder, row_count)
    runs: dict[str, list[Measured]] = {name: [] for name in (*files, "duckdb")}
    for number in range(run_count):
        with TemporaryDirectory(dir=folder) as place:
            runs["duckdb"].append(measured(duckdb_import, Path(place) / "bare.duckdb", folder / "utf8.csv"))
            for name, file in files.items():
                runs[name].append(measured(product_import, Path(place) / "home", file))
        _say(f"run {number + 1} of {run_count} done")
    _check_receipts(runs, row_count)
    return {name: median_of(one) for name, one in runs.items()}


def measure_growth(folder: Path, row_count: int) -> Measured:
    """Import a larger shop once into an empty home."""
    with TemporaryDirectory(dir=folder) as place:
        return measured(product_import, Path(place) / "home", _orders_csv(Path(place), row_count, "larger", is_later=True))


def measure_workbook(folder: Path, row_count: int, run_count: int) -> dict[str, Measured]:
    """Import the shop as a workbook into an empty home, in turn with calamine's own reading; return medians by side."""
    _say(f"writing a workbook of {row_count:,} rows")
    file = shops.write_workbook(shops.make_shop(row_count), folder / "快手订单.xlsx")
    runs: dict[str, list[Measured]] = {"calamine": [], "import": []}
    for _ in range(run_count):
        with TemporaryDirectory(dir=folder) as place:
            runs["calamine"].append(measured(calamine_read, file))
            runs["import"].append(measured(product_import, Path(place) / "home", file))
    _check(all(run.answer["rows"] == row_count for side in runs.values() for run in side), "every side reads every row")
    return {name: median_of(one) for name, one in runs.items()}


def print_csv(medians: dict[str, Measured]) -> None:
    """Print rows 1 and 2 of the promises."""
    print(line_of("DuckDB read_csv(all_varchar), UTF-8", medians["duckdb"]))
    for name in (FIRST, AGAIN, RENAMED, CHANGED):
        print(line_of(name, medians[name]))
    print(ratio_line("1. import against read_csv", medians[FIRST], medians["duckdb"], 1.5))
    for name in (AGAIN, RENAMED, CHANGED):
        print(ratio_line(f"2. {name} against first import", medians[name], medians[FIRST], 1.0), flush=True)


def print_workbook(medians: dict[str, Measured]) -> None:
    """Print row 3 of the promises."""
    print(line_of("calamine: sheet to Python rows", medians["calamine"]))
    print(line_of("import", medians["import"]))
    print(ratio_line("3. workbook against calamine", medians["import"], medians["calamine"], 1.5), flush=True)


def print_growth(larger: Measured, growth: int, first: Measured, row_count: int) -> None:
    """Print the time of a row at the larger size against that at the smaller one."""
    print(line_of(f"import of {growth:,} rows", larger))
    scaled = Measured(first.wall_s * growth / row_count, first.cpu_s * growth / row_count, {}, None)
    print(ratio_line(f"4. time per row, {row_count:,} → {growth:,} rows", larger, scaled, 1.15))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="order lines in the CSV")
    parser.add_argument("--workbook-rows", type=int, default=100_000, help="order lines in the workbook; 0 leaves it out")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side")
    parser.add_argument("--growth", type=int, default=0, metavar="ROWS", help="also import so many rows once")
    chosen = parser.parse_args()
    print_machine(chosen.rows, chosen.runs)
    with TemporaryDirectory(prefix="benchmark-") as folder:
        medians = measure_csv(Path(folder), chosen.rows, chosen.runs)
        print_csv(medians)
        if chosen.growth:
            print_growth(measure_growth(Path(folder), chosen.growth), chosen.growth, medians[FIRST], chosen.rows)
        if chosen.workbook_rows:
            print_workbook(measure_workbook(Path(folder), chosen.workbook_rows, chosen.runs))


def _csv_files(folder: Path, row_count: int) -> dict[str, Path]:
    """Write the CSVs; return by name the files to import, in their order."""
    _say(f"writing CSVs of {row_count:,} rows")
    first = _orders_csv(folder, row_count, "utf8", is_later=False)
    changed = _orders_csv(folder, row_count, "changed", is_later=True)
    (folder / "changed.csv").unlink()
    _say(f"{first.stat().st_size / 1e6:,.0f} MB in GB18030, {(folder / 'utf8.csv').stat().st_size / 1e6:,.0f} MB in UTF-8")
    return {FIRST: first, AGAIN: first, RENAMED: shops.write_same_rows(first, folder / "快手订单-又一份.csv"), CHANGED: changed}


def _orders_csv(folder: Path, row_count: int, name: str, *, is_later: bool) -> Path:
    utf8 = shops.write_csv(shops.make_shop(row_count, is_later=is_later), "orders", folder / f"{name}.csv")
    return shops.write_gb18030(utf8, folder / f"快手订单-{name}.csv")


def _check_receipts(runs: dict[str, list[Measured]], row_count: int) -> None:
    def every(name: str, holds: Callable[[dict[str, Any]], bool]) -> bool:
        return all(holds(run.answer) for run in runs[name])

    _check(every("duckdb", lambda answer: answer["rows"] == row_count), "DuckDB reads every row")
    _check(every(FIRST, lambda answer: answer["new"] == row_count), "every row is new at first")
    for name in (AGAIN, RENAMED):
        _check(every(name, lambda answer: answer["unchanged"] == row_count), f"{name}: nothing changes")
    _check(every(CHANGED, lambda answer: 0.08 < answer["updated"] / row_count < 0.12), "about a tenth of the rows is updated")


def _check(holds: bool, expectation: str) -> None:
    if not holds:
        raise RuntimeError(f"not so: {expectation}")


def _say(text: str) -> None:
    print(f"  … {text}", flush=True)


if __name__ == "__main__":
    main()
