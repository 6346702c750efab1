"""The five parts as figures: stacked over time, and ranked by where they concentrate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from analytics.domain.vocabulary import COMPONENTS
from analytics.present import numbers
from analytics.present.account import item_name, whole
from analytics.present.figures import style
from analytics.present.labels import Words

TIME_HEIGHT = 360
ROW_HEIGHT = 30
LONGEST_NAME = 11  # a phone still has room for the bars
PALE = 0.3  # what the chosen group stands out from
LINE_FROM = 0.74  # of the width: the line of shares has a strip of its own, where no bar hides its numbers
ROOM_FOR_AMOUNT = 1.38
TICKS = {"day": "%m-%d", "week": "%m-%d", "month": "%Y-%m"}
LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}


def over_time(
    by_time: pd.DataFrame,
    grain: str,
    mature_until: date | None,
    words: Words,
    *,
    to_come: Mapping[str, tuple[float, float, float]] | None = None,
    watermark: str = "",
) -> go.Figure:
    """Draw a `losses_by` answer by day, week or month as bars of five parts; a bar that is not yet mature is pale and hatched.

    `mature_until` is the last day whose refunds have come; None: every bar is mature. `to_come` is by label what is still
    expected on top, in fen: middle, low, high.
    """
    rows = [row for row in by_time.to_dict("records") if _is_dated(str(row[grain]))]
    is_young = [mature_until is not None and last_day_of(str(row[grain]), grain) > mature_until for row in rows]
    figure = go.Figure()
    for part in COMPONENTS:
        for young in (False, True):
            picked = [row for row, flag in zip(rows, is_young, strict=True) if flag is young]
            if picked or not young:
                figure.add_trace(_time_bar(part, grain, picked, young, words))
    if to_come:
        figure.add_trace(_to_come_bar(grain, [row for row in rows if str(row[grain]) in to_come], to_come, words))
    figure.update_layout(barmode="stack", showlegend=True, legend=LEGEND, bargap=0.18)
    figure.update_xaxes(tickformat=TICKS[grain], type="date", **({"dtick": "M1"} if grain == "month" else {}))
    figure.update_yaxes(showgrid=True, tickprefix="¥", tickformat="~s" if words.language == "en" else ",.0f")
    if not any(row["total_fen"] for row in rows):
        figure.update_yaxes(range=[0, 1], tickvals=[0])  # nothing was lost: an axis of thousandths would look like something
    return style.laid_out(figure, TIME_HEIGHT, watermark)


def pareto(
    top: pd.DataFrame,
    name_of: Callable[[str], str],
    words: Words,
    *,
    others: str = "",
    chosen: Sequence[str] = (),
    watermark: str = "",
) -> go.Figure:
    """Draw the groups with the most loss as bars of five parts, read downwards, and their cumulative share as a line.

    `top` has the columns group, the five parts in fen, total_fen, cumulative_share; the last row is the rest (`others` names
    it) when its group is missing. A click gives the group.
    """
    rows = top.to_dict("records")
    places = list(range(len(rows)))[::-1]
    names = [others if pd.isna(row["group"]) else _short(name_of(row["group"])) for row in rows]
    data = [None if pd.isna(row["group"]) else [str(row["group"])] for row in rows]
    paleness = [PALE if chosen and row["group"] not in chosen else 1.0 for row in rows]
    figure = go.Figure()
    for part in COMPONENTS:
        figure.add_trace(_ranked_bar(part, rows, places, data, paleness, name_of, others, words))
    figure.add_trace(_totals(rows, places, words))
    figure.add_trace(_cumulative(rows, places, data, words))
    longest = max([whole(row["total_fen"]) or 0 for row in rows], default=0) / numbers.FEN_PER_YUAN or 1
    figure.update_layout(
        barmode="stack",
        showlegend=False,  # the colours are those of the chart above, and a phone needs the room
        xaxis={"domain": [0, LINE_FROM - 0.02], "range": [0, longest * ROOM_FOR_AMOUNT], "showticklabels": False},
        xaxis2={"domain": [LINE_FROM, 1], "range": [0, 3.2], "anchor": "y", "showticklabels": False, "fixedrange": True},
    )
    figure.update_yaxes(tickvals=places, ticktext=names, range=[-0.6, len(rows) - 0.4])
    return style.laid_out(figure, ROW_HEIGHT * max(len(rows), 4) + 24, watermark)


def last_day_of(label: str, grain: str) -> date:
    """Return the last day that the label of a day, a week (its Monday) or a month stands for."""
    if grain == "month":
        return (pd.Timestamp(f"{label}-01") + pd.offsets.MonthEnd(0)).date()
    first_day = pd.Timestamp(label).date()
    return first_day if grain == "day" else (pd.Timestamp(label) + pd.Timedelta(days=6)).date()


def _time_bar(part: str, grain: str, rows: list[dict], is_young: bool, words: Words) -> go.Bar:
    amounts = [whole(row[f"{part}_fen"]) for row in rows]
    name = item_name(part, words)
    totals = [numbers.money_exact(whole(row["total_fen"])) for row in rows]
    note = f"<br>{words('losses.hover_immature')}" if is_young else ""
    return go.Bar(
        x=[f"{row[grain]}-01" if grain == "month" else str(row[grain]) for row in rows],
        y=[(amount or 0) / numbers.FEN_PER_YUAN for amount in amounts],
        name=name,
        legendgroup=part,
        showlegend=not is_young,
        marker=style.marker(style.COLOURS[part], is_young),
        customdata=[[str(row[grain])] for row in rows],
        hovertemplate=[
            f"<b>{row[grain]}</b><br>{name} {numbers.money_exact(amount)}<br>{words('item.total')} {total}{note}<extra></extra>"
            for row, amount, total in zip(rows, amounts, totals, strict=True)
        ],
    )


def _to_come_bar(grain: str, rows: list[dict], to_come: Mapping[str, tuple[float, float, float]], words: Words) -> go.Bar:
    """What is still expected of each bar, with the range of its end."""
    told = [[fen / numbers.FEN_PER_YUAN for fen in to_come[str(row[grain])]] for row in rows]
    middle, low, high = (list(column) for column in zip(*told, strict=True)) if told else ([], [], [])
    hovers = [_to_come_hover(row, grain, to_come[str(row[grain])], words) for row in rows]
    return go.Bar(
        x=[f"{row[grain]}-01" if grain == "month" else str(row[grain]) for row in rows],
        y=middle,
        name=words("losses.to_come"),
        marker=style.marker(style.GREY, True),
        error_y={
            **{"type": "data", "symmetric": False, "thickness": 1, "width": 2, "color": style.THEME_TEXT},
            "array": [top - mid for top, mid in zip(high, middle, strict=True)],
            "arrayminus": [mid - bottom for bottom, mid in zip(low, middle, strict=True)],
        },
        customdata=[[str(row[grain])] for row in rows],
        hovertemplate=hovers,
    )


def _to_come_hover(row: Mapping, grain: str, told: tuple[float, float, float], words: Words) -> str:
    so_far = whole(row["total_fen"]) or 0
    ends = {name: numbers.money_exact(so_far + round(fen)) for name, fen in zip(("final", "low", "high"), told, strict=True)}
    return words("losses.to_come_hover", period=row[grain], so_far=numbers.money_exact(so_far), **ends) + "<extra></extra>"


def _ranked_bar(
    part: str,
    rows: list[dict],
    places: list[int],
    data: list,
    paleness: list[float],
    name_of: Callable[[str], str],
    others: str,
    words: Words,
) -> go.Bar:
    name = item_name(part, words)
    amounts = [whole(row[f"{part}_fen"]) for row in rows]
    titles = [others if pd.isna(row["group"]) else style.plain(name_of(row["group"])) for row in rows]
    return go.Bar(
        orientation="h",
        y=places,
        x=[(amount or 0) / numbers.FEN_PER_YUAN for amount in amounts],
        name=name,
        marker={"color": style.COLOURS[part], "opacity": paleness, "line": {"width": 0}},
        customdata=data,
        hovertemplate=[
            f"<b>{title}</b><br>{name} {numbers.money_exact(amount)}<br>"
            f"{words('item.total')} {numbers.money_exact(whole(row['total_fen']))}<extra></extra>"
            for title, row, amount in zip(titles, rows, amounts, strict=True)
        ],
    )


def _totals(rows: list[dict], places: list[int], words: Words) -> go.Scatter:
    totals = [whole(row["total_fen"]) for row in rows]
    return go.Scatter(
        x=[(total or 0) / numbers.FEN_PER_YUAN for total in totals],
        y=places,
        mode="text",
        text=[f" {numbers.money(total, words.language)}" for total in totals],
        textposition="middle right",
        textfont={"color": style.THEME_TEXT, "size": 12},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )


def _cumulative(rows: list[dict], places: list[int], data: list, words: Words) -> go.Scatter:
    shares = [row["cumulative_share"] for row in rows]
    return go.Scatter(
        x=shares,
        y=places,
        xaxis="x2",
        mode="lines+markers+text",
        name=words("losses.cumulative"),
        text=[numbers.rate(share) for share in shares],
        textposition="middle right",
        textfont={"color": style.THEME_TEXT, "size": 12},
        line={"color": style.GREY, "width": 1},
        marker={"color": style.GREY, "size": 6},
        customdata=data,
        cliponaxis=False,
        hoverinfo="skip",
    )


def _short(name: str) -> str:
    """Cut a long name; of a product's specification the end is what tells it from the next one."""
    product, dot, spec = name.rpartition(" · ")
    room = LONGEST_NAME - len(spec)
    if dot and len(name) > LONGEST_NAME and room > 3:
        return style.plain(f"{product[: room - 1]}…{spec}")
    return style.plain(name, LONGEST_NAME)


def _is_dated(label: str) -> bool:
    return label[:1].isdigit()
