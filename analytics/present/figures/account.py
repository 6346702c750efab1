"""The account as figures: the waterfall from what was sold to what is kept, and what the hidden parts rest on."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from analytics.domain.vocabulary import PROVENANCES
from analytics.present import numbers
from analytics.present.account import HIDDEN, Account, item_name
from analytics.present.figures import style
from analytics.present.labels import Words

ROOM_FOR_TEXT = 0.45  # of the width, which a phone's row needs for an amount and its share
ROOM_BELOW = 0.55  # the same where all amounts stand before their bars and one has a sign
ROW_HEIGHT = 46
Row = tuple[str, int, int]  # item, where its bar starts, its length, in fen


def waterfall(account: Account, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw receivable sales → the five parts → what is kept, one row each, read downwards; the assumed share is hatched."""
    rows = _steps(account)
    names = [item_name(item, words) for item, _, _ in rows]
    figure = go.Figure()
    for name, (item, start_fen, amount_fen) in zip(names, rows, strict=True):
        for part in _bars(account, item, start_fen, amount_fen):
            figure.add_trace(_bar(name, item, part, _hover(account, item, amount_fen, words), words))
    _write_amounts(figure, account, names, rows, words.language)
    _connect(figure, rows)
    figure.update_xaxes(range=_reach(rows), showticklabels=False)
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    return style.laid_out(figure, ROW_HEIGHT * len(rows) + 24, watermark)


def provenance(account: Account, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw for each hidden part which share is measured, set and assumed; the assumed share is hatched and written out."""
    parts = [part for part in HIDDEN if sum(account.sources_fen.get(part, {}).values()) > 0]
    names = [_name_with_assumed(part, account.sources_fen[part], words) for part in parts]
    figure = go.Figure()
    for part, name in zip(parts, names, strict=True):
        for source in PROVENANCES:
            figure.add_trace(_source_bar(part, name, source, account.sources_fen[part], words))
    figure.update_layout(barmode="stack")
    figure.update_xaxes(range=[0, 1], showticklabels=False)
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    return style.laid_out(figure, ROW_HEIGHT * max(len(parts), 1) + 24, watermark)


def _steps(account: Account) -> list[Row]:
    """Rows as (item, where the bar starts, its length) in fen; a part that is not known leaves its row empty."""
    left_fen = account.receivable_fen or 0
    rows = [("receivable", 0, left_fen)]
    for part, amount in account.parts_fen.items():
        fen = amount or 0
        left_fen -= fen
        rows.append((part, left_fen, fen))
    return [*rows, ("kept", 0, left_fen)]


def _reach(rows: list[Row]) -> list[float]:
    """Where the rows begin and end, in yuan; where refunds cost more than was sold, with room for the amounts before them."""
    ends = [fen for _, start_fen, amount_fen in rows for fen in (start_fen, start_fen + amount_fen)]
    lowest, highest = min(ends), max(*ends, 1)
    room_fen = round((highest - lowest) * ROOM_BELOW / (1 - ROOM_BELOW)) if lowest < 0 else 0
    return [(min(lowest, 0) - room_fen) / numbers.FEN_PER_YUAN, highest / numbers.FEN_PER_YUAN]


def _bars(account: Account, item: str, start_fen: int, amount_fen: int) -> list[tuple[int, int, bool]]:
    """A row's bars as (start, length, is_assumed): what rests on assumptions stands apart."""
    assumed_fen = account.sources_fen.get(item, {}).get("assumed", 0)
    bars = [(start_fen, assumed_fen, True), (start_fen + assumed_fen, amount_fen - assumed_fen, False)]
    return [bar for bar in bars if bar[1] != 0]


def _bar(name: str, item: str, bar: tuple[int, int, bool], hover: str, words: Words) -> go.Bar:
    start_fen, length_fen, is_assumed = bar
    colour = style.GREY if item == "kept" and length_fen < 0 else style.COLOURS[item]  # a loss is never green
    return go.Bar(
        orientation="h",
        y=[name],
        base=[start_fen / numbers.FEN_PER_YUAN],
        x=[length_fen / numbers.FEN_PER_YUAN],
        marker=style.marker(colour, is_assumed),
        customdata=[item],
        name=words.term(PROVENANCES["assumed"]) if is_assumed else name,
        hovertemplate=f"<b>{name}</b><br>{hover}<extra></extra>",
    )


def _hover(account: Account, item: str, amount_fen: int, words: Words) -> str:
    share = numbers.rate(numbers.ratio(amount_fen, account.receivable_fen))
    text = words("figure.hover", amount=numbers.money_exact(amount_fen), share=share)
    assumed_fen = account.sources_fen.get(item, {}).get("assumed", 0)
    return text + ("<br>" + words("figure.hover_assumed", amount=numbers.money_exact(assumed_fen)) if assumed_fen else "")


def _write_amounts(figure: go.Figure, account: Account, names: list[str], rows: list[Row], language: str) -> None:
    """Write each amount and its share of the receivable where its row has room: in a long bar, else before or behind it."""
    room_fen = (account.receivable_fen or 1) * ROOM_FOR_TEXT
    is_below = any(start_fen < 0 for _, start_fen, _ in rows) or rows[-1][2] < 0
    for name, (item, start_fen, amount_fen) in zip(names, rows, strict=True):
        known = {**account.parts_fen, "kept": account.kept_fen}.get(item, amount_fen)
        share = numbers.rate(numbers.ratio(known, account.receivable_fen))
        text = numbers.NOTHING if known is None else f"{numbers.money(known, language)} · {share}"
        if start_fen >= room_fen or is_below:
            figure.add_trace(_text(min(start_fen, start_fen + amount_fen), name, f"{text} ", "middle left"))
        elif start_fen == 0 and amount_fen >= room_fen:
            figure.add_trace(_text(0, name, f" {text}", "middle right", style.INK))
        else:
            figure.add_trace(_text(max(start_fen + amount_fen, 0), name, f" {text}", "middle right"))


def _text(at_fen: int, name: str, text: str, position: str, colour: str = style.THEME_TEXT) -> go.Scatter:
    return go.Scatter(
        x=[at_fen / numbers.FEN_PER_YUAN],
        y=[name],
        mode="text",
        text=[text],
        textposition=position,
        textfont={"color": colour, "size": 13},
        hoverinfo="skip",
        cliponaxis=False,
    )


def _connect(figure: go.Figure, rows: list[Row]) -> None:
    """Thin lines that hand the level of one row down to the next; rows count from the bottom."""
    last = len(rows) - 1
    for index, (_, start_fen, _) in enumerate(rows[1:-1], start=1):
        level = start_fen / numbers.FEN_PER_YUAN
        ends = {"x0": level, "x1": level, "y0": last - index - 0.3, "y1": last - index - 0.7}
        figure.add_shape(type="line", line={"color": style.GREY, "width": 1}, **ends)


def _name_with_assumed(part: str, split_fen: Mapping[str, int], words: Words) -> str:
    share = numbers.rate(numbers.ratio(split_fen["assumed"], sum(split_fen.values())))
    return f"{item_name(part, words)}<br>{words.term(PROVENANCES['assumed'])} {share}"


def _source_bar(part: str, name: str, source: str, split_fen: Mapping[str, int], words: Words) -> go.Bar:
    share = numbers.ratio(split_fen[source], sum(split_fen.values()))
    said = f"{words.term(PROVENANCES[source])} {numbers.money_exact(split_fen[source])} · {numbers.rate(share)}"
    return go.Bar(
        orientation="h",
        y=[name],
        x=[share],
        marker=style.marker(style.COLOURS[part], source == "assumed", style.SET_OPACITY if source == "set" else 1.0),
        customdata=[part],
        name=words.term(PROVENANCES[source]),
        hovertemplate=f"<b>{item_name(part, words)}</b><br>{said}<extra></extra>",
    )
