"""The sample shop's files in any order, portion and wrapping give one account: the slow twin's, to the fen."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from openpyxl import Workbook

from analytics import intake
from analytics.actions import imports, ledger, safety
from analytics.actions.account import answer
from analytics.actions.sample import write_sample
from analytics.domain.loads import Actor
from analytics.store import questions
from tests.twin import answers, compare, facts, files
from tests.twin import ledger as twin_ledger

SHOP = "试样店"
ACTOR = Actor("测试")
NOW = datetime(2026, 11, 23, 9)
OWN_TEMPLATES = ("广告花费", "商品成本", "成本设置", "标记订单")
BY = ((), ("stage",), ("month",), ("product", "reason"), ("tool",), ("provenance",), ("streamer", "channel"), ("province",))


@pytest.fixture(scope="module")
def exports(tmp_path_factory) -> list[Path]:
    """The files of a small sample shop."""
    return write_sample(tmp_path_factory.mktemp("示例 导出"), until=date(2026, 11, 22), seed=11, actor=ACTOR, order_count=700)


@pytest.fixture(scope="module")
def twin(exports):
    """What the slow twin, which reads the files by itself, makes of them."""
    meanings = tuple(intake.words())
    loads = files.read_folder(exports[0].parent, shop=SHOP)
    return twin_ledger.build_ledger(facts.current_facts(loads, meanings), meanings)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.scale)])
def test_shuffled_split_repeated_rewrapped_undone_and_redone_the_account_is_the_twins(exports, twin, tmp_path, seed):
    chance = random.Random(seed)
    pieces = [piece for path in exports for piece in scrambled(path, tmp_path / "件", chance)]
    chance.shuffle(pieces)
    warehouse = ledger.open_ledger(tmp_path / "账本 家")
    try:
        for piece in pieces + chance.sample(pieces, 3):
            load(warehouse, piece)
        for piece in chance.sample(pieces, 4):
            undo_and_redo(warehouse, piece)
        assert differences(warehouse, twin) == []
        assert safety.check(warehouse, actor=ACTOR) == []
    finally:
        warehouse.close()


def load(warehouse, path: Path):
    return imports.import_file(warehouse, path, imports.ImportOptions(shop=SHOP), actor=ACTOR, now=NOW)


def undo_and_redo(warehouse, path: Path) -> None:
    already = load(warehouse, path)
    imports.undo_import(warehouse, already.load_id, actor=ACTOR, now=NOW)
    assert load(warehouse, path).already_loaded_at is None


def differences(warehouse, twin) -> list[str]:
    found = compare.compare_refunds(answers.refunds(twin), asked(warehouse, questions.refunds))
    for clock in ("paid", "refunded"):
        for dimensions in BY:
            theirs = asked(warehouse, questions.losses_by, dimensions=dimensions, clock=clock)
            found += compare.compare_losses(answers.losses(twin, dimensions, clock), theirs, dimensions)
    return found


def asked(warehouse, question, **filters) -> list[dict]:
    return pa.Table.from_pandas(answer(warehouse, question, actor=ACTOR, **filters)).to_pylist()


def scrambled(path: Path, folder: Path, chance: random.Random) -> list[Path]:
    """The file as it is, or its rows in one to three files of any wrapping; an operator's own templates stay whole."""
    if path.suffix != ".csv" or chance.random() < 0.3:
        return [path]
    rows = read(path)
    top = next(place for place, row in enumerate(rows) if len(row) > 3)
    head, body = rows[: top + 1], rows[top + 1 :]
    parts = chance.randint(1, 3)
    folder.mkdir(exist_ok=True)
    return [write(folder / f"第{n}份_{path.stem}", head + body[n::parts], chance) for n in range(parts)]


def read(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return list(csv.reader(io.StringIO(text, newline="")))


def write(stem: Path, rows: list[list[str]], chance: random.Random) -> Path:
    wrapping = chance.choice(["utf-8", "utf-8-sig", "gb18030", "xlsx"])
    path = stem.with_name(stem.name + (".xlsx" if wrapping == "xlsx" else ".csv"))
    if wrapping == "xlsx":
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
        return path
    with path.open("w", encoding=wrapping, newline="") as file:
        csv.writer(file, delimiter=chance.choice([",", "\t", ";"])).writerows(rows)
    return path
