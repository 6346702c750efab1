"""One imagined order as figures: its account step by step, its endings side by side, and the chance that keeping it needs."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analytics.domain.one_order import BreakEven
from analytics.present import numbers
from analytics.present.figures import sideways, style

ROOM_FOR_TEXT = 0.34  # of the width, which an amount needs on a phone
ROW_HEIGHT, STEP_HEIGHT, BREAK_EVEN_HEIGHT = 42, 56, 52
STEP_COLOURS = {**style.COLOURS, "fees": style.GREY, "goods": style.GREY}
GAIN, LOSS = style.COLOURS["kept"], style.COLOURS["damage"]


def steps(rows: Sequence[tuple[str, str, int]], *, watermark: str = "") -> go.Figure:
    """Draw (item, name, fen) from what was receivable down to what is left, each bar beginning where the last one ended."""
    figure, level_fen, spans = go.Figure(), 0, []
    for item, name, fen in rows:
        start_fen = 0 if item == "left" else level_fen
        level_fen = start_fen + fen
        colour = STEP_COLOURS.get(item) or (GAIN if fen >= 0 else style.GREY)
        spans.append((min(start_fen, level_fen), max(start_fen, level_fen), name, fen, style.ink_on(colour)))
        figure.add_trace(sideways.bar(name, start_fen, fen, colour, item))
    _write(figure, spans)
    return sideways.finished(figure, [name for _, name, _ in rows], watermark, STEP_HEIGHT)


def endings(rows: Sequence[tuple[str, str, int]], chosen: str, *, watermark: str = "") -> go.Figure:
    """Draw what each (ending, name, profit in fen) leaves, gains to the right and losses to the left; the others paler."""
    figure, names = go.Figure(), []
    for ending, name, fen in rows:
        names.append(f"<b>{name}</b>" if ending == chosen else name)
        opacity = 1.0 if ending == chosen else style.SET_OPACITY
        figure.add_trace(sideways.bar(names[-1], 0, fen, GAIN if fen >= 0 else LOSS, ending, opacity))
        at, amount = fen / numbers.FEN_PER_YUAN, numbers.money_exact(fen)
        figure.add_trace(
            sideways.text(at, names[-1], *((f" {amount}", "middle right") if fen >= 0 else (f"{amount} ", "middle left")))
        )
    lowest, highest = min(0, *(fen for _, _, fen in rows)), max(0, *(fen for _, _, fen in rows))
    room_fen = (highest - lowest or 1) * ROOM_FOR_TEXT
    ends = (lowest - room_fen * (lowest < 0), highest + room_fen * (highest > 0))
    figure.update_xaxes(showticklabels=False, range=[end / numbers.FEN_PER_YUAN for end in ends])
    return sideways.finished(figure, names, watermark, ROW_HEIGHT)


def break_evens(rows: Sequence[tuple[str, str, BreakEven]], *, watermark: str = "") -> go.Figure:
    """Draw for each (name, text, break-even) at which chances of keeping the offer loses money, and at which it pays."""
    figure = go.Figure()
    for name, text, found in rows:
        chance = 1.0 if found.chance is None else found.chance
        shares = ((0.0, chance, style.faded(style.GREY)), (chance, 1 - chance, GAIN))
        for base, length, colour in shares:
            bar = {"orientation": "h", "y": [name], "base": [base], "x": [length], "hoverinfo": "skip"}
            figure.add_trace(go.Bar(**bar, marker={"color": colour, "line": {"width": 0}}))
        at, colour = (chance, style.INK) if chance < 0.5 else (0, style.THEME_TEXT)
        figure.add_trace(sideways.text(at, name, f" {text}", "middle right", colour))
    figure.update_xaxes(range=[0, 1.03], showticklabels=True, tickvals=[0, 0.5, 1], tickformat=".0%")
    return sideways.finished(figure, [name for name, _, _ in rows], watermark, BREAK_EVEN_HEIGHT)


def _write(figure: go.Figure, spans: Sequence[tuple[int, int, str, int, str]]) -> None:
    """Write each (left, right, name, fen, ink) amount where its row has room: behind the bar, before it, else in it."""
    lowest, highest = min(span[0] for span in spans), max(span[1] for span in spans)
    room_fen = (highest - lowest or 1) * ROOM_FOR_TEXT
    for left_fen, right_fen, name, fen, ink in spans:
        amount = numbers.money_exact(fen)
        if highest - right_fen >= room_fen:
            figure.add_trace(sideways.text(right_fen / numbers.FEN_PER_YUAN, name, f" {amount}", "middle right"))
        elif left_fen - lowest >= room_fen:
            figure.add_trace(sideways.text(left_fen / numbers.FEN_PER_YUAN, name, f"{amount} ", "middle left"))
        else:
            figure.add_trace(sideways.text(left_fen / numbers.FEN_PER_YUAN, name, f" {amount}", "middle right", ink))
    figure.update_xaxes(showticklabels=False, range=[lowest / numbers.FEN_PER_YUAN, (highest or 1) / numbers.FEN_PER_YUAN])
