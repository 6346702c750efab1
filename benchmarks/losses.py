"""The loss question by product and month straight from facts, against the same account in pandas and in polars."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from analytics.actions.imports import ImportOptions, import_file
from analytics.actions.ledger import open_ledger
from analytics.domain.loads import Actor
from analytics.settings import warehouse_memory_mb, warehouse_threads
from analytics.store import marts, questions, sql
from analytics.store.archive import DATABASE
from benchmarks import shops, simple_account
from benchmarks.measure import Measured, Stopwatch, line_of, measured, median_of, print_machine, ratio_line

NOW = datetime(2026, 1, 15, 9, 0)
KEYS = ["product", "month"]
PARQUET_ROWS = 122_880
PRODUCT, KEPT, REFRESH = "straight from facts", "over the kept tables", "refresh of the kept tables"
PANDAS, POLARS = "pandas", "polars"


def write_exports(_: Stopwatch, folder: Path, row_count: int) -> None:
    """Generate a shop and write its orders and cases as CSV."""
    shop = shops.make_shop(row_count)
    for export in ("orders", "cases"):
        shops.write_csv(shop, export, folder / f"{export}.csv")


def make_ledger(watch: Stopwatch, home: Path, folder: Path) -> int:
    """Import orders and cases and write both facts as Parquet for the other sides; return the number of cases."""
    warehouse = open_ledger(home)
    with watch.running():
        for export in ("orders", "cases"):
            file = folder / f"{export}.csv"
            receipt = import_file(warehouse, file, ImportOptions(), actor=Actor("benchmark"), now=NOW)
    with warehouse.cursor() as cursor:
        for name in ("order_lines", "cases"):
            with parquet.ParquetWriter(folder / f"{name}.parquet", _rows_of(cursor, name).schema) as writer:
                for batch in _rows_of(cursor, name):
                    writer.write_batch(batch)
    warehouse.close()
    return receipt.new


class FactsCursor:
    """A cursor on the facts of a closed ledger that answers questions without any kept table.

    Every view and mart that the program defines becomes a common table expression in front of the question, worked out
    once a query. Chained as plain views they would be expanded again wherever they are named, dozens of times over.
    """

    def __init__(self, database: Path) -> None:
        self._connection = duckdb.connect(config={"threads": warehouse_threads(), "memory_limit": f"{warehouse_memory_mb()}MiB"})
        self._connection.execute("set enable_progress_bar = false")
        self._connection.execute(f"attach '{database}' as ledger (read_only)")
        self._connection.execute("use ledger")
        rooms = [("staging", name) for name in marts.STAGING] + [("marts", name) for name in marts.MARTS]
        bodies = [f"{room}_{name} as materialized (\n{_unqualified(sql.read(f'{room}/{name}'))}\n)" for room, name in rooms]
        self._definitions = "with\n" + ",\n".join(bodies)

    def execute(self, text: str) -> duckdb.DuckDBPyConnection:
        """Run a small question without values."""
        return self._connection.execute(self._text(text))

    def sql(self, text: str, params: dict[str, Any]) -> duckdb.DuckDBPyRelation:
        """Ask a question."""
        return self._connection.sql(self._text(text), params=params)

    def _text(self, question: str) -> str:
        return f"{self._definitions}\nfrom (\n{_unqualified(question)}\n) as answer"


def ask_facts(watch: Stopwatch, home: Path) -> pd.DataFrame:
    """Ask without kept tables: every figure is worked out from the facts on disk."""
    cursor = FactsCursor(home / DATABASE)
    with watch.running():
        return questions.losses_by(cursor, dimensions=KEYS)


def refresh_kept(watch: Stopwatch, home: Path) -> None:
    """Build the kept tables anew."""
    warehouse = open_ledger(home)  # opening moves the version on, so that the tables are due
    with watch.running():
        marts.refresh(warehouse)
    warehouse.close()


def ask_kept(watch: Stopwatch, home: Path) -> pd.DataFrame:
    """Ask as the pages do, over tables that are up to date."""
    warehouse = open_ledger(home)
    marts.refresh(warehouse)
    with warehouse.cursor() as cursor, watch.running():
        answer = questions.losses_by(cursor, dimensions=KEYS)
    warehouse.close()
    return answer


def ask_pandas(watch: Stopwatch, folder: Path) -> pd.DataFrame:
    """Ask the account written in pandas."""
    with watch.running():
        answer = simple_account.with_pandas(folder)
    return answer.rename(columns={"product_id": "product"})


def ask_polars(watch: Stopwatch, folder: Path) -> pd.DataFrame:
    """Ask the account written in polars."""
    with watch.running():
        answer = simple_account.with_polars(folder)
    return answer.to_pandas().rename(columns={"product_id": "product"})


def measure_sides(folder: Path, row_count: int, run_count: int) -> dict[str, Measured]:
    """Ask every side in turn, check that all say the same to the fen, and return medians by side."""
    home = folder / "home"
    measured(write_exports, folder, row_count)
    made = measured(make_ledger, home, folder)
    print(line_of(f"import: {row_count:,} order lines, {made.answer:,} cases", made), flush=True)
    sides: dict[str, tuple[Callable[..., Any], Path]] = {
        PANDAS: (ask_pandas, folder),
        POLARS: (ask_polars, folder),
        PRODUCT: (ask_facts, home),
        REFRESH: (refresh_kept, home),
        KEPT: (ask_kept, home),
    }
    runs: dict[str, list[Measured]] = {name: [] for name in sides}
    for _ in range(run_count):
        for name, (side, place) in sides.items():
            runs[name].append(measured(side, place))
        _check_same({name: side[-1].answer for name, side in runs.items() if name != REFRESH})
    return {name: median_of(side) for name, side in runs.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="order lines")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side")
    chosen = parser.parse_args()
    print_machine(chosen.rows, chosen.runs)
    with TemporaryDirectory(prefix="benchmark-") as folder:
        medians = measure_sides(Path(folder), chosen.rows, chosen.runs)
    print("all sides give the same figures, to the fen")
    for name, run in medians.items():
        print(line_of(name, run))
    print(ratio_line("7. straight from facts against pandas", medians[PRODUCT], medians[PANDAS], 0.1))
    print(ratio_line("7. straight from facts against polars", medians[PRODUCT], medians[POLARS], 0.7))


def _rows_of(cursor: duckdb.DuckDBPyConnection, table: str) -> pa.RecordBatchReader:
    return cursor.sql(f"from {table}").to_arrow_reader(PARQUET_ROWS)


def _unqualified(text: str) -> str:
    """Name views as common table expressions: marts.lines becomes marts_lines."""
    return re.sub(r"\b(marts|staging)\.(?=[a-z])", r"\1_", text)


def _check_same(answers: dict[str, pd.DataFrame]) -> None:
    """Refuse to print times of answers that differ by a fen."""
    figures = list(simple_account.FIGURES)
    plain = {name: answer.set_index(KEYS)[figures].astype("int64").sort_index() for name, answer in answers.items()}
    for name, answer in plain.items():
        if not answer.equals(plain[PANDAS]):
            difference = answer.compare(plain[PANDAS]) if answer.index.equals(plain[PANDAS].index) else "other groups"
            raise RuntimeError(f"{name} and {PANDAS} differ:\n{difference}")


if __name__ == "__main__":
    main()
