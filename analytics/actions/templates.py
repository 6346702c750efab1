"""The empty workbooks an operator fills in: ad spend, product costs, cost settings, tagged orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics.actions.access import require
from analytics.domain.costs import COST_NAMES, format_value
from analytics.domain.loads import Actor
from analytics.present.exports import Column, Sheet, xlsx_bytes

WRITTEN_AT = datetime(2026, 1, 1)  # an empty template is older than anything that was typed into it
NOTES_SHEET = "说明"


@dataclass(frozen=True)
class Template:
    """One template: its name (the file's, without suffix), its columns, and a hint and an example for each column."""

    name: str
    columns: tuple[Column, ...]
    hints: tuple[tuple[str, str], ...]


TEMPLATES = {
    template.name: template
    for template in (
        Template(
            "广告花费",
            (Column("日期", "date"), Column("渠道"), Column("达人ID", "id"), Column("花费(元)", "money_fen"), Column("费用类型")),
            (
                ("花费发生的那一天", "2026-11-16"),
                ("订单载体的叫法，如直播间、短视频；全店花费留空", "直播间"),
                ("CPS达人ID；不属于某位达人时留空", "2500000011"),
                ("当天这一项花了多少钱", "1250.00"),
                ("投流、坑位费、样品、代运营；可以留空", "投流"),
            ),
        ),
        Template(
            "商品成本",
            (Column("商品ID", "id"), Column("SKU编码", "id"), Column("成本(元)", "money_fen"), Column("生效日期", "date")),
            (
                ("订单导出里的商品ID", "22000000000801"),
                ("各规格成本相同时留空", "TX-HF-3637"),
                ("一件的成本", "11.20"),
                ("从哪一天起按这个成本算；一直如此时留空", "2026-08-01"),
            ),
        ),
        Template(
            "成本设置",
            (Column("项目"), Column("适用范围"), Column("值"), Column("生效日期", "date")),
            (
                ("项目名，见下表", "return_freight"),
                ("留空是全店；也可以写 product:商品ID、province:省份、reason:售后原因", "province:新疆"),
                ("元、分钟或百分比；写 off 表示不用起步假设", "7.00"),
                ("从哪一天起；一直如此时留空", "2026-08-01"),
            ),
        ),
        Template(
            "标记订单",
            (
                *(Column("订单号", "id"), Column("工具"), Column("时间", "time"), Column("次数", "count")),
                *(Column("结果"), Column("金额(元)", "money_fen")),
            ),
            (
                ("订单导出里的订单号", "2500000000200001"),
                ("优先发货、修改地址、催发货、优惠券、小额打款", "修改地址"),
                ("什么时候用的；不知道时留空", "2026-11-14 09:12:30"),
                ("一共几次；可以留空", "2"),
                ("同意或拒绝；可以留空", "同意"),
                ("发了多少钱的券、打了多少款；可以留空", "5.00"),
            ),
        ),
    )
}


def write_templates(folder: Path, *, actor: Actor) -> list[Path]:
    """Write the empty templates into a folder, made if it is missing, and return their paths."""
    require(actor, "view")
    folder.mkdir(parents=True, exist_ok=True)
    return [write_filled(folder, name, (), written_at=WRITTEN_AT) for name in TEMPLATES]


def template_bytes(name: str, *, actor: Actor) -> bytes:
    """Return one empty template as a workbook."""
    require(actor, "view")
    template = TEMPLATES[name]
    return xlsx_bytes([Sheet(name, template.columns, []), _notes(template)], written_at=WRITTEN_AT)


def write_filled(folder: Path, name: str, rows: Iterable[Sequence[Any]], *, written_at: datetime) -> Path:
    """Write one template with rows (money in fen, days and moments as such) and return its path."""
    template = TEMPLATES[name]
    path = folder / f"{name}.xlsx"
    path.write_bytes(xlsx_bytes([Sheet(name, template.columns, list(rows)), _notes(template)], written_at=written_at))
    return path


def _notes(template: Template) -> Sheet:
    """Return the second sheet, for people: what each column wants; for cost settings, every name with its starter assumption."""
    rows = [(column.title, *hint) for column, hint in zip(template.columns, template.hints, strict=True)]
    if template.name == "成本设置":
        rows += [("", "", ""), ("可用的项目名", "意思", "起步假设")]
        rows += [
            (cost.name, cost.chinese, "无" if cost.starter_value is None else format_value(cost.name, cost.starter_value))
            for cost in COST_NAMES.values()
        ]
    return Sheet(NOTES_SHEET, (Column("填写说明"), Column("怎么填"), Column("举例")), rows)
