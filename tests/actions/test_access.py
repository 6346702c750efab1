"""Who may do what, checked where the work is done."""

from __future__ import annotations

import inspect
from datetime import datetime

import pytest

from analytics.actions import (
    account,
    costs,
    exports,
    imports,
    inbox,
    ledger,
    one_order,
    people,
    report,
    safety,
    sample,
    templates,
    views,
    words,
)
from analytics.actions.import_desk import ImportDesk
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from tests.journeys.exports import order, write_orders

NOW = datetime(2026, 11, 23, 9)
OWNER = Actor("店主")
CLERK_OF_ONE = Actor("小甲", "view", ("甲店",))
ACTIONS = [
    *(one_order.usual, one_order.work_out),
    *(account.losses, account.refunds, account.answer, account.names),
    *(people.introduce, people.list_people, views.list_views, views.save_view, views.forget_view),
    *(report.report_bytes, report.write_report, exports.record_export),
    *(costs.list_costs, costs.set_cost, costs.save_cost, costs.preview_cost, costs.weigh_cost, costs.cost_workbook),
    *(imports.import_file, imports.list_imports, imports.undo_import, inbox.sweep),
    *(imports.loaded_before, imports.read_upload, imports.preview_staged, imports.store_staged),
    *(
        imports.list_receipts,
        imports.find_receipt,
        imports.undone_times,
        imports.undoable,
        imports.known_shops,
        imports.usual_shop,
        imports.rejected_rows,
    ),
    *(ImportDesk.submit, ImportDesk.change, ImportDesk.move, ImportDesk.confirm, ImportDesk.cancel, ImportDesk.dismiss),
    *(ImportDesk.undo, ImportDesk.remove_sample, ImportDesk.jobs, ImportDesk.line),
    *(sample.remove_sample, templates.template_bytes),
    *(safety.check, safety.back_up, safety.restore),
    *(words.list_meanings, words.map_word, words.preview_word),
    *(sample.write_sample, sample.ensure_sample_shop, sample.complete_sample_shop, templates.write_templates),
]


@pytest.fixture
def warehouse(tmp_path):
    with ledger.ledger_of(tmp_path / "账本 家") as opened:
        for shop, order_id in (("甲店", "1001"), ("乙店", "2001")):
            path = write_orders(tmp_path / f"{shop}.csv", order(order_id))
            imports.import_file(opened, path, imports.ImportOptions(shop=shop), actor=OWNER, now=NOW)
        yield opened


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_every_action_takes_an_actor(action):
    assert inspect.signature(action).parameters["actor"].default is inspect.Parameter.empty


def test_who_is_bound_to_a_shop_sees_that_shop_only(warehouse):
    assert [receipt.shop for receipt in imports.list_imports(warehouse, actor=CLERK_OF_ONE)] == ["甲店"]
    assert account.losses(warehouse, (), account.Filters(), actor=CLERK_OF_ONE)["total"]["orders"] == 1
    for ask in (
        lambda: imports.list_imports(warehouse, actor=CLERK_OF_ONE, shop_names=["乙店"]),
        lambda: account.refunds(warehouse, account.Filters(shops=("乙店",)), actor=CLERK_OF_ONE),
        lambda: report.report_bytes(warehouse, account.Filters(shops=("乙店",)), actor=CLERK_OF_ONE, language="zh", now=NOW),
        lambda: safety.check(warehouse, actor=CLERK_OF_ONE),
    ):
        with pytest.raises(OperatorError, match="小甲"):
            ask()


def test_who_may_only_look_changes_nothing(warehouse, tmp_path):
    viewer = Actor("看板", "view")
    path = write_orders(tmp_path / "新.csv", order("3001"))
    for change in (
        lambda: imports.import_file(warehouse, path, imports.ImportOptions(shop="甲店"), actor=viewer, now=NOW),
        lambda: imports.undo_import(warehouse, 1, actor=viewer, now=NOW),
        lambda: costs.set_cost(warehouse, costs.CostChange("packing", "1.00", shop="甲店"), actor=viewer, now=NOW),
        lambda: safety.back_up(warehouse, tmp_path / "备份.zip", actor=viewer),
    ):
        with pytest.raises(OperatorError, match="角色是看板"):
            change()
    assert len(imports.list_imports(warehouse, actor=OWNER)) == 2
