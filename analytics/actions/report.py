"""The whole account as a workbook, for a file or for a download."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from analytics.actions import account, maturity
from analytics.actions.exports import record_export
from analytics.domain.loads import Actor
from analytics.domain.vocabulary import CASE_DIMENSIONS
from analytics.errors import OperatorError
from analytics.present import report
from analytics.present.account import is_empty
from analytics.present.labels import Words
from analytics.store import maturity_questions, questions
from analytics.store.warehouse import Warehouse

SUFFIX = ".xlsx"


def report_bytes(warehouse: Warehouse, filters: account.Filters, *, actor: Actor, language: str, now: datetime) -> bytes:
    """Return the account under some filters as a workbook in a language (`zh`, `en`), and record that it was taken out.

    Raises OperatorError when there is nothing to report.
    """
    stream = io.BytesIO()
    _write(warehouse, stream, filters, actor=actor, language=language, now=now)
    record_export(warehouse, "report", actor=actor, now=now)
    return stream.getvalue()


def write_report(
    warehouse: Warehouse, target: Path, filters: account.Filters, *, actor: Actor, language: str, now: datetime
) -> list[dict[str, str | int]]:
    """Write the account as a workbook, in the place of a file that is there already; return [{"sheet", "rows"}] of its tables.

    The file appears whole or not at all. Raises OperatorError when it cannot be written there or there is nothing to report.
    """
    target = Path(target).expanduser()
    _refuse_target(target)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as stream:
            sheets = _write(warehouse, stream, filters, actor=actor, language=language, now=now)
            stream.flush()
            os.fsync(stream.fileno())
        record_export(warehouse, f"report {target.name}", actor=actor, now=now)
        os.replace(draft, target)
    except OSError as error:
        found = f"无法写入（{error.strerror}）"
        raise _bad_target(target, found, "可以写入且有空间的位置", "请关掉正打开它的表格软件，或换一个位置。") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return sheets


def _refuse_target(target: Path) -> None:
    if target.is_dir():
        raise _bad_target(target, "是一个文件夹", "一个文件名", f"请在后面写上文件名，例如 报表{SUFFIX}。")
    if target.suffix.lower() != SUFFIX:
        raise _bad_target(target, f"后缀是「{target.suffix}」", SUFFIX, f"请把文件名改成以 {SUFFIX} 结尾。")
    if not target.parent.is_dir():
        raise _bad_target(target, "没有这个文件夹", "一个现有文件夹里的文件名", "请检查路径，或先建好文件夹。")


def _bad_target(target: Path, found: str, expected: str, remedy: str) -> OperatorError:
    return OperatorError(f"报表「{target.name}」", found, expected, remedy)


def _write(
    warehouse: Warehouse, stream: BinaryIO, filters: account.Filters, *, actor: Actor, language: str, now: datetime
) -> list[dict[str, str | int]]:
    answers, known = account.answer(warehouse, _everything, actor=actor, **filters.as_question())
    if is_empty(answers.total):
        raise OperatorError("报表", "没有可以写的订单和退款", "至少一笔", "请先导入订单，或换一段时间、放宽筛选。")
    asked = report.Asked(**{**filters.as_question(), **known}, written_at=now)
    return report.write_report(stream, answers, asked, Words(language))


def _everything(
    cursor: Any,
    *,
    shops: Sequence[str],
    first_day: date | None,
    last_day: date | None,
    clock: str,
    where: Mapping[str, Sequence[str]],
) -> tuple[report.Answers, dict[str, Any]]:
    """Ask everything on one cursor, so that all sheets show the same state of the ledger."""
    days: dict[str, Any] = {"first_day": first_day, "last_day": last_day, "shops": shops}
    asked = {**days, "clock": clock, "where": where}
    by_shop = questions.losses_by(cursor, dimensions=("shop",), **asked)
    named = list(by_shop["shop"])
    dimensions = (*(("shop",) if len(named) > 1 else ()), *report.DIMENSIONS)
    answers = report.Answers(
        total=questions.losses_by(cursor, **asked),
        by_provenance=questions.losses_by(cursor, dimensions=("provenance",), **asked),
        groups={name: questions.losses_by(cursor, dimensions=(name,), **asked) for name in dimensions},
        cases=questions.refunds(cursor, **asked),
        costs=questions.cost_list(cursor, shops=shops),
        findings=questions.coverage(cursor, shops=shops),
        beside=questions.beside(cursor, **days),
        exposure=questions.exposure_by(cursor, dimensions=("stage", "product"), where=where, **days),
        exposure_total=questions.exposure_by(cursor, where=where, **days),
        names=questions.names(cursor, shops=shops),
        ends=_ends(cursor, dimensions, asked),
    )
    samples = questions.list_shops(cursor)
    known = {
        "shops": named,
        "data_until": _date(questions.data_days(cursor, shops=shops)["last_day"].iloc[0]),
        "has_sample": bool(samples[samples["shop"].isin(named)]["is_sample"].any()),
    }
    return answers, known


def _ends(cursor: Any, dimensions: Sequence[str], asked: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """What is expected of the period by the dimensions of orders; nothing where nobody can say, or nothing is to come."""
    found = maturity.learnt(cursor, shops=asked["shops"])
    if asked["clock"] != "paid" or found.why_not or found.is_named or any(name in CASE_DIMENSIONS for name in asked["where"]):
        return {}
    told, days = {}, {name: asked[name] for name in ("first_day", "last_day")}
    for name in ("", *(name for name in dimensions if name not in CASE_DIMENSIONS)):
        by = (name,) if name else ()
        groups = tuple(each for each in by if each not in maturity.PERIODS)
        frame = maturity_questions.cohorts(cursor, dimensions=groups, where=asked["where"], shops=asked["shops"])
        is_whole_shop = not (groups or asked["where"])
        told[name] = maturity.expected(found, frame, dimensions=by, is_whole_shop=is_whole_shop, measures=("sales",), **days)
    return told


def _date(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()
