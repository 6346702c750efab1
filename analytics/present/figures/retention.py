"""The figures of the retention tools: the trap of each, and over all tools what they changed and what they earned."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from analytics.present import numbers
from analytics.present.figures import style
from analytics.present.labels import Words
from analytics.present.retention import name_of

STATES = {"kept": style.COLOURS["kept"], "lost_later": style.COLOURS["damage"], "open": style.GREY}
WIDE_ENOUGH = 0.09  # of the bar: below it a label would touch its neighbours'
BAR, CHANCE = 1, 0  # the two lines of a trap
ROW_HEIGHT = 56
Row = Mapping[str, Any]


def trap(row: Row, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw what became of the orders touched as one bar, and under it the kept rate with its interval beside the break-even."""
    figure = go.Figure()
    for state, colour in STATES.items():
        share = row[state] / row["touched"]
        text = f"{words(f'retention.column.{state}')} {numbers.count(row[state])}"
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=[BAR],
                x=[share],
                width=0.62,
                # The pale bar's own label could be read in one theme only; the legend has it.
                text=numbers.count(row[state]) if share >= WIDE_ENOUGH and state != "open" else "",
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": style.INK},
                marker=style.marker(colour, state == "open"),
                name=text,
                hovertemplate=f"{text}<br>{numbers.rate(share)}<extra></extra>",
            )
        )
    if row["kept_rate"] is not None:
        _chance(figure, row, words)
    figure.update_layout(barmode="stack")
    figure.update_xaxes(range=[0, 1], tickformat=".0%", nticks=6, showgrid=True)
    figure.update_yaxes(showticklabels=False, range=[-0.55, 1.45])
    laid = style.laid_out(figure, 165, watermark)
    return laid.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    )


def effects(rows: Sequence[Row], words: Words, *, watermark: str = "") -> go.Figure:
    """Draw by tool how much it changed the refund chance, with the interval; rows without an effect are left out."""
    told = [row for row in rows if row["effect"] is not None]
    return _forest(told, "effect", 100.0, lambda value: numbers.points(value, words.language), words, watermark)


def nets(rows: Sequence[Row], words: Words, *, watermark: str = "") -> go.Figure:
    """Draw by tool what it earned net, with the interval; rows without an effect are left out."""
    told = [row for row in rows if row["net_fen"] is not None]
    return _forest(
        told, "net_fen", 1 / numbers.FEN_PER_YUAN, lambda value: numbers.money_about(value, words.language), words, watermark
    )


def _chance(figure: go.Figure, row: Row, words: Words) -> None:
    figure.add_trace(
        go.Scatter(
            x=[row["kept_rate"]],
            y=[CHANCE],
            mode="markers",
            marker={"color": STATES["kept"], "size": 11},
            error_x=_error([row["kept_rate"]], [row["kept_low"]], [row["kept_high"]], STATES["kept"]),
            name=f"{words('retention.kept_mark')} {numbers.rate(row['kept_rate'])}",
            hovertemplate=f"{words('retention.kept_mark')} {numbers.rate(row['kept_rate'])}<extra></extra>",
        )
    )
    if row["break_even"] is not None:
        mark = words("retention.break_even_mark", rate=numbers.rate(row["break_even"]))
        figure.add_trace(
            go.Scatter(
                x=[row["break_even"]] * 2,
                y=[-0.45, 0.45],
                mode="lines",
                line={"color": style.THEME_TEXT, "width": 2, "dash": "dot"},
                name=mark,
                hovertemplate=f"{mark}<extra></extra>",
            )
        )


def _forest(rows: Sequence[Row], name: str, factor: float, written: Any, words: Words, watermark: str) -> go.Figure:
    figure = go.Figure()
    places = list(range(len(rows)))
    titles = [name_of(row, words) for row in rows]
    for place, row, title in zip(places, rows, titles, strict=True):
        value, low, high = (row[f"{name}{end}"] * factor for end in ("", "_low", "_high"))
        colour = _colour(row, name)
        texts = {end: written(row[f"{name}{end}"]) for end in ("", "_low", "_high")}
        said = {"value": texts[""], "low": texts["_low"], "high": texts["_high"], "grade": row["grade"]}
        figure.add_trace(
            go.Scatter(
                x=[value],
                y=[place],
                mode="markers+text",
                text=[f"{texts['']}"],
                textposition="top center",
                textfont={"color": style.THEME_TEXT},
                marker={"color": colour, "size": 11},
                error_x=_error([value], [low], [high], colour),
                hovertemplate=words("retention.forest_hover", tool=title, **said) + "<extra></extra>",
                cliponaxis=False,
            )
        )
    figure.add_vline(x=0, line={"color": style.GREY, "width": 1})
    figure.update_xaxes(showgrid=True, **_ticks(rows, name, words))
    figure.update_yaxes(tickvals=places, ticktext=titles, range=[len(rows) - 0.4, -0.7])
    return style.laid_out(figure, ROW_HEIGHT * max(len(rows), 1) + 60, watermark)


def _ticks(rows: Sequence[Row], name: str, words: Words) -> dict[str, Any]:
    """Marks on the axis: percent, or round amounts as the reader writes them."""
    if name == "effect":
        return {"ticksuffix": "%"}
    ends = [0, *(row[f"{name}_{end}"] / numbers.FEN_PER_YUAN for row in rows for end in ("low", "high"))]
    rough = max((max(ends) - min(ends)) / 6, 1)
    size = 10 ** math.floor(math.log10(rough))
    step = size * next(factor for factor in (1, 2, 5, 10) if factor * size >= rough)
    marks = [step * number for number in range(math.floor(min(ends) / step), math.ceil(max(ends) / step) + 1)]
    return {"tickvals": marks, "ticktext": [numbers.money_about(mark * numbers.FEN_PER_YUAN, words.language) for mark in marks]}


def _colour(row: Row, name: str) -> str:
    """Green where it surely helps, the warning colour where it surely harms, grey where the interval crosses nothing."""
    good, bad = STATES["kept"], STATES["lost_later"]
    if row[f"{name}_high"] < 0:
        return good if name == "effect" else bad
    if row[f"{name}_low"] > 0:
        return bad if name == "effect" else good
    return style.GREY


def _error(values: Sequence[float], lows: Sequence[float], highs: Sequence[float], colour: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - value for value, high in zip(values, highs, strict=True)],
        "arrayminus": [value - low for value, low in zip(values, lows, strict=True)],
        "color": colour,
        "thickness": 2,
        "width": 6,
    }
