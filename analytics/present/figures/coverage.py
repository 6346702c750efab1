"""Coverage as grids: which months have which files, and what each component rests on, a month a column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.domain.vocabulary import COMPONENTS, PROVENANCES
from analytics.present import numbers
from analytics.present.account import month_name
from analytics.present.figures import style
from analytics.present.health import FILE_KINDS, Cover
from analytics.present.labels import Words

MOST_MONTHS = 13  # the latest; a phone's row has no room for more
WIDE_MONTHS = 6  # up to here a cell has room for `26/31`, also on a phone
ROW_HEIGHT = 34
# See-through, so that one text colour is read on all of them, on white and on dark paper; each cell says it in words too.
_PALE = {"missing": "rgba(213,94,0,0.34)", "partly": "rgba(230,159,0,0.34)", "covered": "rgba(0,158,115,0.34)"}
_STATES = tuple(_PALE)
_STEPS = [[0.0, _PALE["missing"]], [0.5, _PALE["partly"]], [1.0, _PALE["covered"]]]


def files_grid(covers: Sequence[Cover], words: Words, *, watermark: str = "") -> go.Figure:
    """Draw a row a kind of file and a column a month: covered, partly (with its days) or missing."""
    months = sorted({cover.month for cover in covers})[-MOST_MONTHS:]
    found, is_wide = {(cover.kind, cover.month): cover for cover in covers}, len(months) <= WIDE_MONTHS
    cells = [[found.get((kind, month)) for month in months] for kind in FILE_KINDS]
    figure = _grid(
        months,
        [words(f"health.kind.{kind}") for kind in FILE_KINDS],
        levels=[[None if cell is None else _STATES.index(cell.state) / 2 for cell in row] for row in cells],
        texts=[["" if cell is None else _written(cell, words, is_wide=is_wide) for cell in row] for row in cells],
        hovers=[["" if cell is None else cell.text(words) for cell in row] for row in cells],
        words=words,
    )
    return style.laid_out(figure, ROW_HEIGHT * len(FILE_KINDS) + 56, watermark)


def components_grid(components: pd.DataFrame, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw a row a component and a column a month: the share of its money that is measured or set."""
    rows = {(row["component"], _month(row["month"])): row for row in components.to_dict("records") if pd.notna(row["month"])}
    months = sorted({month for _, month in rows})[-MOST_MONTHS:]
    cells = [[rows.get((component, month)) for month in months] for component in COMPONENTS]
    figure = _grid(
        months,
        [words.term(titles) for titles in COMPONENTS.values()],
        levels=[[None if cell is None else _known_share(cell) for cell in row] for row in cells],
        texts=[["" if cell is None else _known_text(cell) for cell in row] for row in cells],
        hovers=[["" if cell is None else _split_text(cell, words) for cell in row] for row in cells],
        words=words,
    )
    return style.laid_out(figure, ROW_HEIGHT * len(COMPONENTS) + 56, watermark)


def _grid(
    months: Sequence[date],
    names: Sequence[str],
    *,
    levels: list[list[float | None]],
    texts: list[list[str]],
    hovers: list[list[str]],
    words: Words,
) -> go.Figure:
    """A heat map whose cells say in text what their colour says; `levels` run from 0 (missing) to 1 (covered)."""
    titles = [month_name(month, words) for month in months]
    short = [_short(month, words, has_year=place == 0 or month.month == 1) for place, month in enumerate(months)]
    written = {"color": style.THEME_TEXT, "size": 12 if len(months) <= WIDE_MONTHS else 10}
    figure = go.Figure(
        go.Heatmap(
            x=list(range(len(months))),
            y=list(names),
            z=levels,
            zmin=0,
            zmax=1,
            text=texts,
            texttemplate="%{text}",
            textfont=written,
            customdata=[[f"{title}<br>{hover}" for title, hover in zip(titles, row, strict=True)] for row in hovers],
            hovertemplate="<b>%{y}</b> %{customdata}<extra></extra>",
            colorscale=_STEPS,
            showscale=False,
            xgap=3,
            ygap=3,
        )
    )
    figure.update_xaxes(tickvals=list(range(len(months))), ticktext=short, side="top", tickangle=0, tickfont=written)
    figure.update_yaxes(autorange="reversed")
    return figure


def _written(cover: Cover, words: Words, *, is_wide: bool) -> str:
    if cover.state == "partly" and cover.kind != "product_costs" and is_wide:
        return f"{cover.covered}/{cover.wanted}"
    return _percent(cover.covered, cover.wanted) if cover.state == "partly" else words(f"health.cell.{cover.state}")


def _percent(part: int, whole: int) -> str:
    """Whole percents; what is not all of it never reads as all of it."""
    return f"{part * 100 // whole}%"


def _known_share(row: dict[str, Any]) -> float | None:
    return numbers.ratio(*_known_of(row))


def _known_text(row: dict[str, Any]) -> str:
    known_fen, money_fen = _known_of(row)
    text = _percent(known_fen, money_fen) if money_fen else numbers.NOTHING
    return f"{text}*" if row["unknown_count"] else text


def _known_of(row: dict[str, Any]) -> tuple[int, int]:
    """Measured and set money, and all of it, in fen."""
    return int(row["actual_fen"] + row["set_fen"]), int(sum(row[f"{source}_fen"] for source in PROVENANCES))


def _split_text(row: dict[str, Any], words: Words) -> str:
    money_fen = sum(row[f"{source}_fen"] for source in PROVENANCES)
    shares = {source: numbers.rate(numbers.ratio(row[f"{source}_fen"], money_fen)) for source in PROVENANCES}
    unknown = words("health.component.unknown", count=numbers.count(row["unknown_count"])) if row["unknown_count"] else ""
    return "<br>".join(filter(None, (words("health.component.hover", **shares), unknown)))


def _short(month: date, words: Words, *, has_year: bool) -> str:
    return f"{words(f'month.{month.month}')}<br>{month.year if has_year else ''}"


def _month(month: Any) -> date:
    return pd.Timestamp(month).date()
