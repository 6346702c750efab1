"""Bars that lie on their side, a row each: what the figures of one order and of a scenario are put together from."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analytics.present import numbers
from analytics.present.figures import style

MARGIN = 24
TEXT_SIZE = 13


def bar(name: str, start_fen: int, fen: int, colour: str, key: str, opacity: float = 1.0, *, amount: str = "") -> go.Bar:
    """Return a bar of `fen` that begins at `start_fen`; `amount` is what its hover says, else the exact money."""
    return go.Bar(
        orientation="h",
        y=[name],
        base=[start_fen / numbers.FEN_PER_YUAN],
        x=[fen / numbers.FEN_PER_YUAN],
        marker=style.marker(colour, False, opacity),
        customdata=[key],
        hovertemplate=f"{name}<br>{amount or numbers.money_exact(fen)}<extra></extra>",
    )


def text(at: float, name: str, words: str, position: str = "middle right", colour: str = style.THEME_TEXT) -> go.Scatter:
    """Return words in a row, beside `at` on the axis."""
    look = {"textposition": position, "textfont": {"color": colour, "size": TEXT_SIZE}}
    return go.Scatter(x=[at], y=[name], mode="text", text=[words], hoverinfo="skip", cliponaxis=False, **look)


def finished(figure: go.Figure, names: Sequence[str], watermark: str, row_height: int, *, has_zero: bool = True) -> go.Figure:
    """Return the figure with its rows from top to bottom as named, and a line at 0 where one is wanted."""
    figure.update_yaxes(categoryorder="array", categoryarray=list(names)[::-1])
    if has_zero:
        figure.add_vline(x=0, line={"color": style.GREY, "width": 1})
    return style.laid_out(figure, row_height * len(names) + MARGIN, watermark)
