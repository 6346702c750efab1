"""One function a command: open the ledger, call the action, say with which status it ended."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from analytics.actions import account, costs, holdouts, imports, maturity_listing, one_order, safety, sample, templates
from analytics.actions.ledger import BEIJING, beijing_now, ledger_of
from analytics.domain.loads import Actor, Receipt
from analytics.errors import OperatorError
from analytics.present import listing

__all__ = ["BEIJING"]  # the command line reads times with a zone by it

READER = Actor("命令行", "view")  # whoever asks without changing anything


@dataclass(frozen=True)
class Outcome:
    """What a command has to say: an answer to print, complaints for stderr, and the exit status."""

    answer: Mapping[str, Any] | None
    exit_status: int = 0
    complaints: tuple[str, ...] = ()


def rendered(answer: Mapping[str, Any], form: str) -> str:
    """Return an answer as `table`, `csv` or `json`."""
    return listing.render(answer if form == "json" else {"rows": _rows_of(answer)}, form)


def _rows_of(answer: Mapping[str, Any]) -> Any:
    """Of an answer in several pieces a table shows one: outcomes, or steps."""
    return next(answer[name] for name in ("rows", "outcomes", "steps") if name in answer)


def run_import(home: Path, options: Namespace) -> Outcome:
    """Load each file in a transaction of its own; the highest status wins."""
    said = imports.ImportOptions(
        options.shop, options.list_kind, options.exported_at, options.password, options.dry_run, options.strict
    )
    receipts, complaints, status = [], [], 0
    imports.prepare()
    with ledger_of(home) as warehouse:
        for left, path in zip(range(len(options.files) - 1, -1, -1), options.files, strict=True):
            try:
                each = replace(said, has_next=left > 0)
                receipt = imports.import_file(warehouse, path, each, actor=_actor(options), now=beijing_now())
            except OperatorError as error:
                complaints.append(str(error))
                status = 2
                continue
            receipts.append(_receipt_row(receipt))
            status = max(status, 1 if receipt.rejected else 0)
        holdouts.assign(warehouse, now=beijing_now())
    return Outcome({"rows": receipts} if receipts else None, status, tuple(complaints))


def run_imports(home: Path, options: Namespace) -> Outcome:
    """List the receipts, newest first."""
    with ledger_of(home) as warehouse:
        return Outcome({"rows": [_receipt_row(receipt) for receipt in imports.list_imports(warehouse, actor=READER)]})


def run_undo(home: Path, options: Namespace) -> Outcome:
    """Take a load back."""
    with ledger_of(home) as warehouse:
        receipt = imports.undo_import(warehouse, options.load_id, actor=_actor(options), now=beijing_now())
    return Outcome({"rows": [_receipt_row(receipt)]})


def run_losses(home: Path, options: Namespace) -> Outcome:
    """Group the ledger."""
    with ledger_of(home) as warehouse:
        answer = account.losses(warehouse, options.by, _filters(options), actor=READER)
        beside = maturity_listing.beside_losses(warehouse, answer, options.by, _filters(options), actor=READER)
    return Outcome({**answer, "maturity": beside})


def run_maturity(home: Path, options: Namespace) -> Outcome:
    """Say what cohorts or groups have lost so far, will lose in the end, and how well such forecasts came out."""
    with ledger_of(home) as warehouse:
        asked = {"as_of": options.as_of, "measure": options.measure}
        return Outcome(maturity_listing.listing(warehouse, options.by, _filters(options), actor=READER, **asked))


def run_refunds(home: Path, options: Namespace) -> Outcome:
    """List the cases."""
    with ledger_of(home) as warehouse:
        return Outcome(account.refunds(warehouse, _filters(options), actor=READER))


def run_report(home: Path, options: Namespace) -> Outcome:
    """Write the whole account as a workbook and say how many rows each of its tables has."""
    # Brings the charts' colours along, and with them half a second that no other command needs.
    from analytics.actions import report

    with ledger_of(home) as warehouse:
        sheets = report.write_report(
            warehouse, options.file, _filters(options), actor=_actor(options), language=options.language, now=beijing_now()
        )
    return Outcome({"file": str(options.file), "rows": sheets})


def run_costs(home: Path, options: Namespace) -> Outcome:
    """List the dated settings beside the starter assumptions."""
    with ledger_of(home) as warehouse:
        return Outcome(costs.list_costs(warehouse, actor=READER, shop=options.shop))


def run_costs_set(home: Path, options: Namespace) -> Outcome:
    """Set one cost and return what is now in force."""
    with ledger_of(home) as warehouse:
        return Outcome(costs.set_cost(warehouse, _change(options), actor=_actor(options), now=beijing_now()))


def run_costs_preview(home: Path, options: Namespace) -> Outcome:
    """Say in money what setting a cost would change, month by month; keep nothing."""
    with ledger_of(home) as warehouse:
        return Outcome(costs.preview_cost(warehouse, _change(options), actor=_actor(options), now=beijing_now()))


def run_templates(home: Path, options: Namespace) -> Outcome:
    """Write the empty templates."""
    return Outcome({"rows": [{"file": str(path)} for path in templates.write_templates(options.folder, actor=READER)]})


def run_sample(home: Path, options: Namespace) -> Outcome:
    """Write the example exports."""
    until = options.until or beijing_now().date() - timedelta(days=1)
    return Outcome(
        {
            "rows": [
                {"file": str(path)} for path in sample.write_sample(options.folder, until=until, seed=options.seed, actor=READER)
            ]
        }
    )


def run_check(home: Path, options: Namespace) -> Outcome:
    """Run every integrity rule; status 1 and the failing rows when one fails."""
    with ledger_of(home) as warehouse:
        failing = safety.check(warehouse, actor=READER)
    return Outcome({"rows": failing}, 1 if failing else 0)


def run_backup(home: Path, options: Namespace) -> Outcome:
    """Write the whole ledger as one file."""
    with ledger_of(home) as warehouse:
        return Outcome({"rows": [safety.back_up(warehouse, options.file, actor=_actor(options))]})


def run_restore(home: Path, options: Namespace) -> Outcome:
    """Put a backup in the ledger's place; a damaged one is refused."""
    return Outcome({"rows": [safety.restore(home, options.file, actor=_actor(options))]})


def run_one_order(home: Path, options: Namespace) -> Outcome:
    """Work out one imagined order, with a ledger or without one."""
    typed = {name: getattr(options, name) for name in one_order.INPUTS if getattr(options, name) is not None}
    shops = (options.shop,) if options.shop else ()
    filters = {"shops": shops, "first_day": options.first_day, "last_day": options.last_day, "product": options.product}
    return Outcome(one_order.work_out(home, typed, actor=READER, ending=options.stage, **filters))


def _actor(options: Namespace) -> Actor:
    return Actor(options.by)


def _change(options: Namespace) -> costs.CostChange:
    return costs.CostChange(options.name, options.value, options.effective_from, options.scope, options.shop)


def _filters(options: Namespace) -> account.Filters:
    where: dict[str, list[str]] = {}
    for condition in options.where:
        dimension, sign, value = condition.partition("=")
        if not sign:
            raise OperatorError("--where", f"「{condition}」", "维度=值，例如 stage=returned", "请补上等号和值。")
        where.setdefault(dimension, []).append(value)
    return account.Filters(options.first_day, options.last_day, getattr(options, "clock", "paid"), where, tuple(options.shop))


# In the order of the contract; what follows after is beyond it.
RECEIPT_FIELDS = (
    *("load_id", "file", "sha256", "kind", "platform", "shop", "rows", "new", "updated", "unchanged", "rejected", "problems"),
    *("money_in_fen", "money_stored_fen", "first_at", "last_at"),
)
MORE_RECEIPT_FIELDS = ("older", "surprises", "exported_at", "loaded_at", "loaded_by", "already_loaded_at", "undone_at")


def _receipt_row(receipt: Receipt) -> dict[str, Any]:
    known = asdict(receipt)
    return {name: known[name] for name in RECEIPT_FIELDS + MORE_RECEIPT_FIELDS}
