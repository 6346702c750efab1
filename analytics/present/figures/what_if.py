"""A scenario as figures: both sides as twin bars, its steps as a waterfall of changes, its ranges, and the tornado."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analytics.present import numbers
from analytics.present.figures import sideways, style

ROOM_FOR_TEXT = 0.36  # of the width, which an amount needs on a phone
ROOM_FOR_A_RANGE = 0.56
TWIN_HEIGHT, STEP_HEIGHT, RANGE_HEIGHT = 62, 46, 46
LONGEST_NAME = 34
BETTER, WORSE = style.COLOURS["kept"], style.COLOURS["damage"]


def twins(rows: Sequence[tuple[str, str, int | None, int | None]], names: tuple[str, str], *, watermark: str = "") -> go.Figure:
    """Draw (item, name, as it is, in the scenario) in fen: two bars a row, the present one pale, the scenario's full below it."""
    figure = go.Figure()
    titles = [name for _, name, _, _ in rows]
    for place, side in enumerate(names):
        amounts = [row[2 + place] for row in rows]
        colours = [style.COLOURS.get(item, style.GREY) for item, *_ in rows]
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=titles,
                x=[(fen or 0) / numbers.FEN_PER_YUAN for fen in amounts],
                offsetgroup=str(place),
                marker={"color": [style.faded(colour) for colour in colours] if place == 0 else colours, "line": {"width": 0}},
                text=[f"{side} {_short(fen)}" for fen in amounts],
                textposition="outside",
                textfont={"size": sideways.TEXT_SIZE, "color": style.THEME_TEXT},
                cliponaxis=False,
                customdata=[numbers.money_exact(fen) for fen in amounts],
                hovertemplate=f"%{{y}}<br>{side} %{{customdata}}<extra></extra>",
            )
        )
    ends = [fen or 0 for row in rows for fen in row[2:]]
    figure.update_xaxes(range=_reach(min(0, *ends), max(0, *ends), before=min(ends) < 0), showticklabels=False)
    figure.update_layout(barmode="group", bargap=0.22, bargroupgap=0.08)
    figure.update_yaxes(categoryorder="array", categoryarray=titles, autorange="reversed")
    return style.laid_out(figure, TWIN_HEIGHT * len(rows) + sideways.MARGIN, watermark)


def steps(rows: Sequence[tuple[str, str, int]], total: tuple[str, int], *, more_is_worse: bool, watermark: str = "") -> go.Figure:
    """Draw (key, name, change in fen) as a waterfall of changes from nothing to the whole difference, read downwards."""
    figure, level_fen = go.Figure(), 0
    spans = []
    for key, name, fen in rows:
        spans.append((key, name, level_fen, fen))
        level_fen += fen
    spans.append(("", total[0], 0, total[1]))
    names = _unique([name for _, name, _, _ in spans])
    lowest = min(0, *(min(start, start + fen) for _, _, start, fen in spans))
    highest = max(0, *(max(start, start + fen) for _, _, start, fen in spans))
    for place, (key, _, start_fen, fen) in enumerate(spans):
        is_worse = (fen > 0) == more_is_worse
        colour = style.GREY if fen == 0 else WORSE if is_worse else BETTER
        figure.add_trace(sideways.bar(names[place], start_fen, fen, colour, key, amount=_signed(fen)))
        end_fen = max(start_fen, start_fen + fen)
        figure.add_trace(_text(end_fen, names[place], f" {'+' if fen > 0 else ''}{_short(fen)}"))
        if place + 2 < len(spans):
            level = (start_fen + fen) / numbers.FEN_PER_YUAN
            line = {"color": style.GREY, "width": 1, "dash": "dot"}
            figure.add_shape(type="line", x0=level, x1=level, y0=names[place], y1=names[place + 1], line=line, layer="below")
    figure.update_xaxes(range=_reach(lowest, highest), showticklabels=False)
    return sideways.finished(figure, names, watermark, STEP_HEIGHT)


def ranges(rows: Sequence[tuple[str, int, int, int]], *, now_fen: int, watermark: str = "") -> go.Figure:
    """Draw (name, low, middle, high) in fen as bands, the middle as a point, `now_fen` as a line across them."""
    figure = go.Figure()
    names = [name for name, *_ in rows]
    for place, (name, low, middle, high) in enumerate(rows):
        colour = style.COLOURS["logistics"] if place == 0 else style.GREY
        bar = sideways.bar(name, low, high - low, style.faded(colour) if place else colour, name)
        bar.hovertemplate = f"{name}<br>{numbers.money_exact(low)} – {numbers.money_exact(high)}<extra></extra>"
        figure.add_trace(bar)
        at = middle / numbers.FEN_PER_YUAN
        point = {"color": style.THEME_TEXT, "size": 9, "symbol": "diamond"}
        figure.add_trace(go.Scatter(x=[at], y=[name], mode="markers", marker=point, hoverinfo="skip"))
        figure.add_trace(_text(high, name, f" {_short(low)} – {_short(high)}"))
    ends = [end for _, low, _, high in rows for end in (low, high)] + [now_fen]
    figure.update_xaxes(range=_reach(min(ends), max(ends), room=ROOM_FOR_A_RANGE), showticklabels=False)
    finished = sideways.finished(figure, names, watermark, RANGE_HEIGHT, has_zero=False)
    line = {"color": style.THEME_TEXT, "width": 1, "dash": "dash"}
    finished.add_vline(x=now_fen / numbers.FEN_PER_YUAN, line=line)
    return finished


def tornado(rows: Sequence[tuple[str, str, str, int, int, str]], *, middle_fen: int, watermark: str = "") -> go.Figure:
    """Draw (name, text of the low end, of the high end, fen at the low end, at the high end, kind), what moves most on top."""
    figure = go.Figure()
    names = _unique([name for name, *_ in rows])
    for name, (_, low_text, high_text, at_low, at_high, kind) in zip(names, rows, strict=True):
        colour = style.COLOURS["acquisition"] if kind == "assumption" else style.COLOURS["logistics"]
        for end_fen, text, opacity in ((at_low, low_text, style.SET_OPACITY), (at_high, high_text, 1.0)):
            bar = sideways.bar(name, middle_fen, end_fen - middle_fen, colour, name, opacity)
            bar.hovertemplate = f"{name} {style.plain(text)}<br>{numbers.money_exact(end_fen)}<extra></extra>"
            figure.add_trace(bar)
        left, right = sorted(((at_low, low_text), (at_high, high_text)))
        figure.add_trace(_text(left[0], name, f"{style.plain(left[1])} ", "middle left"))
        figure.add_trace(_text(right[0], name, f" {style.plain(right[1])}"))
    ends = [end for row in rows for end in row[3:5]]
    figure.update_xaxes(range=_reach(min(ends), max(ends), before=True), showticklabels=False)
    finished = sideways.finished(figure, names, watermark, STEP_HEIGHT, has_zero=False)
    finished.add_vline(x=middle_fen / numbers.FEN_PER_YUAN, line={"color": style.THEME_TEXT, "width": 1})
    return finished


def _text(at_fen: int, name: str, words: str, position: str = "middle right") -> go.Scatter:
    return sideways.text(at_fen / numbers.FEN_PER_YUAN, name, words, position)


def _reach(lowest_fen: int, highest_fen: int, *, before: bool = False, room: float = ROOM_FOR_TEXT) -> list[float]:
    """Where an axis begins and ends, in yuan, with room for the amounts behind the bars and, where some stand, before them."""
    width = highest_fen - lowest_fen or 100
    beside = width * room / (1 - room * (2 if before else 1))
    return [(lowest_fen - (beside if before else 0)) / numbers.FEN_PER_YUAN, (highest_fen + beside) / numbers.FEN_PER_YUAN]


def _unique(names: Sequence[str]) -> list[str]:
    """Names as a chart holds them: cut, without markup, and none twice, since rows are told apart by them."""
    found: list[str] = []
    for name in names:
        short = style.plain(name, LONGEST_NAME)
        found.append(short + "\u200b" * sum(held.rstrip("\u200b") == short for held in found))
    return found


def _signed(fen: int) -> str:
    return f"{'+' if fen > 0 else ''}{numbers.money_exact(fen)}"


def _short(fen: int | None) -> str:
    """An amount without its cents; exact ones stand in the hover and in the tables."""
    if fen is None:
        return numbers.NOTHING
    return f"¥{fen / numbers.FEN_PER_YUAN:,.0f}" if fen >= 0 else f"-¥{-fen / numbers.FEN_PER_YUAN:,.0f}"


def compared(rows: Sequence[tuple[str, Sequence[int | None]]], sides: Sequence[str], *, watermark: str = "") -> go.Figure:
    """Draw (figure, its fen on every side): a group of bars a figure, a bar a scenario."""
    colours = (style.GREY, *list(style.COLOURS.values())[1:])
    figure: Any = go.Figure()
    for place, side in enumerate(sides):
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=[name for name, _ in rows],
                x=[(amounts[place] or 0) / numbers.FEN_PER_YUAN for _, amounts in rows],
                name=style.plain(side),
                offsetgroup=str(place),
                marker={"color": colours[place % len(colours)], "line": {"width": 0}},
                text=[f"{style.plain(side, 12)} {_short(amounts[place] or 0)}" for _, amounts in rows],
                textposition="outside",
                textfont={"size": sideways.TEXT_SIZE, "color": style.THEME_TEXT},
                cliponaxis=False,
                hovertemplate=f"{style.plain(side)}<br>%{{x:,.2f}}<extra></extra>",
            )
        )
    ends = [fen or 0 for _, amounts in rows for fen in amounts]
    figure.update_xaxes(range=_reach(min(0, *ends), max(0, *ends), before=min(ends) < 0), showticklabels=False)
    figure.update_yaxes(categoryorder="array", categoryarray=[name for name, _ in rows], autorange="reversed")
    figure.update_layout(barmode="group", bargap=0.25)
    return style.laid_out(figure, (26 * len(sides) + 24) * len(rows) + sideways.MARGIN, watermark)
