"""The overview's figures: what becomes of every ¥100, its course by day, shows by size and what they keep, the causes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from analytics.domain.vocabulary import COMPONENTS
from analytics.present import numbers
from analytics.present.account import Account, item_name, whole
from analytics.present.figures import style
from analytics.present.labels import Words
from analytics.present.titles import Titles

WIDE_ENOUGH = 0.07  # of the bar: below it a label would touch its neighbours'
POINT_SIZES = (7, 26)
LONGEST_NAME = 12
ENDS = ("final", "low", "high")


def of_100(account: Account, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw what becomes of every ¥100 sold as one bar of the five parts and what is kept, amounts written in."""
    figure = go.Figure()
    for item, per_100_fen in account.parts_of_100_fen.items():
        amount, name = numbers.money_exact(per_100_fen), item_name(item, words)
        is_wide = per_100_fen is not None and per_100_fen >= WIDE_ENOUGH * 10_000
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=[""],
                x=[max(per_100_fen or 0, 0) / numbers.FEN_PER_YUAN],
                name=f"{name} {amount}",
                text=amount if is_wide else "",
                textposition="inside",
                insidetextanchor="middle",
                textfont={"color": style.ink_on(style.COLOURS[item])},
                marker={"color": style.COLOURS[item], "line": {"width": 0}},
                hovertemplate=f"<b>{name}</b><br>{amount}<extra></extra>",
                customdata=[item],
            )
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(showticklabels=False)
    return style.laid_out(figure, 84, watermark).update_layout(bargap=0.1)


def course(days: pd.DataFrame, words: Words, *, young_from: date | None, watermark: str = "") -> go.Figure:
    """Draw by payment day what is kept of every ¥100; the days whose refunds are still to come are grey, pale and named."""
    figure = go.Figure()
    young = days[~days["is_mature"].astype(bool)]
    _draw_ends(figure, _runs(days)[1][1], words)
    for is_mature, part in _runs(days):
        figure.add_trace(_course_line(part, is_mature, words))
    if len(young):
        first_day = young_from if young_from is not None and young_from > days["day"].min() else days["day"].min()
        edges = {"x0": first_day - timedelta(hours=12), "x1": days["day"].max() + timedelta(hours=12)}
        figure.add_vrect(**edges, fillcolor=style.GREY, opacity=0.12, line_width=0)
        figure.add_annotation(
            text=words("chart.immature"), x=first_day, xanchor="left", y=1, yref="paper", yanchor="top", showarrow=False
        )
    figure.update_yaxes(showgrid=True, tickprefix="¥", rangemode="normal")
    figure.update_xaxes(tickformat="%m-%d", nticks=8)
    laid = style.laid_out(figure, 320, watermark)
    return laid.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0})


def sessions(shows: pd.DataFrame, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw each show: what it sold to the right, what it kept of every ¥100 upwards, as large as it has refunds."""
    figure = go.Figure()
    largest = max(int(shows["refunds"].max()) if len(shows) else 0, 1)
    for is_worse, colour in ((False, style.GREY), (True, style.COLOURS["damage"])):
        part = shows[shows["is_worse"] == is_worse]
        smallest_px, largest_px = POINT_SIZES
        figure.add_trace(
            go.Scatter(
                x=part["receivable_fen"] / numbers.FEN_PER_YUAN,
                y=part["kept_per_100_fen"] / numbers.FEN_PER_YUAN,
                mode="markers",
                name=words("overview.session_worse" if is_worse else "overview.session_other"),
                marker={
                    "color": colour,
                    "opacity": 0.65,
                    "size": [smallest_px + (largest_px - smallest_px) * int(count) / largest for count in part["refunds"]],
                    "line": {"width": 0},
                },
                customdata=[[row["streamer"], row["day"]] for row in part.to_dict("records")],
                text=[_session_hover(row, words) for row in part.to_dict("records")],
                hovertemplate="%{text}<extra></extra>",
            )
        )
    if len(shows):
        average = int(shows["average_fen"].iloc[0]) / numbers.FEN_PER_YUAN
        figure.add_hline(y=average, line={"color": style.GREY, "width": 1, "dash": "dot"})
    figure.update_xaxes(title=words("overview.sessions_x"), tickprefix="¥", tickformat=",.0f")
    figure.update_yaxes(title=words("overview.sessions_y"), showgrid=True, tickprefix="¥")
    laid = style.laid_out(figure, 340, watermark)
    return laid.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0})


def causes(rows: pd.DataFrame, dimension: str, titles: Titles, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw the costliest groups, one bar each, split into the five parts; a bar's customdata is its group."""
    names = [style.plain(titles(dimension, group), LONGEST_NAME) for group in rows["group"]]
    figure = go.Figure()
    for part in COMPONENTS:
        amounts = [whole(fen) or 0 for fen in rows[f"{part}_fen"]]
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=list(range(len(rows))),
                x=[fen / numbers.FEN_PER_YUAN for fen in amounts],
                name=item_name(part, words),
                marker=style.marker(style.COLOURS[part], False),
                customdata=[[group] for group in rows["group"]],
                text=[
                    _cause_hover(titles(dimension, group), part, fen, words)
                    for group, fen in zip(rows["group"], amounts, strict=True)
                ],
                textposition="none",
                hovertemplate="%{text}<extra></extra>",
            )
        )
    _write_totals(figure, rows, words)
    figure.update_layout(barmode="stack")
    figure.update_xaxes(showticklabels=False, range=[0, _room(rows)])
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=names, autorange="reversed")
    return style.laid_out(figure, 52 * max(len(rows), 1) + 20, watermark)


def _write_totals(figure: go.Figure, rows: pd.DataFrame, words: Words) -> None:
    totals = [whole(fen) or 0 for fen in rows["total_fen"]]
    figure.add_trace(
        go.Scatter(
            x=[fen / numbers.FEN_PER_YUAN for fen in totals],
            y=list(range(len(rows))),
            mode="text",
            text=[f" {numbers.money(fen, words.language)}" for fen in totals],
            textposition="middle right",
            textfont={"color": style.THEME_TEXT},
            hoverinfo="skip",
            cliponaxis=False,
        )
    )


def _room(rows: pd.DataFrame) -> float:
    """The width of the axis: the longest bar and its amount."""
    longest = max((whole(fen) or 0 for fen in rows["total_fen"]), default=0)
    return max(longest, 100) / numbers.FEN_PER_YUAN * 1.3


def _runs(days: pd.DataFrame) -> list[tuple[bool, pd.DataFrame]]:
    """The mature days, and the young ones with the last mature day before them, so that the line does not break."""
    mature = days[days["is_mature"].astype(bool)]
    young = days[~days["is_mature"].astype(bool)]
    return [(True, mature), (False, pd.concat([mature.tail(1), young]) if len(young) else young)]


def _draw_ends(figure: go.Figure, young: pd.DataFrame, words: Words) -> None:
    """What the young days will keep in the end, with the band of it; nothing where nobody can say."""
    if young["final_fen"].isna().all():
        return
    edge = {"x": young["day"], "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure.add_trace(go.Scatter(y=young["high_fen"] / numbers.FEN_PER_YUAN, **edge))
    band = {"fill": "tonexty", "fillcolor": style.faded(style.COLOURS["kept"])}
    figure.add_trace(go.Scatter(y=young["low_fen"] / numbers.FEN_PER_YUAN, **edge, **band))
    figure.add_trace(
        go.Scatter(
            x=young["day"],
            y=young["final_fen"] / numbers.FEN_PER_YUAN,
            mode="lines",
            line={"color": style.COLOURS["kept"], "width": 2, "dash": "dash"},
            name=words("overview.course_expected"),
            text=[_end_hover(row, words) for row in young.to_dict("records")],
            hovertemplate="%{text}<extra></extra>",
        )
    )


def _course_line(part: pd.DataFrame, is_mature: bool, words: Words) -> go.Scatter:
    colour = style.COLOURS["kept"] if is_mature else style.GREY
    return go.Scatter(
        x=part["day"],
        y=[None if pd.isna(fen) else fen / numbers.FEN_PER_YUAN for fen in part["kept_per_100_fen"]],
        mode="lines+markers",
        line={"color": colour, "width": 2, "dash": "solid" if is_mature else "dot"},
        marker={"size": 4},
        name=words("overview.course_mature" if is_mature else "overview.course_young"),
        text=[_day_hover(row, words) for row in part.to_dict("records")],
        hovertemplate="%{text}<extra></extra>",
    )


def _day_hover(row: Mapping, words: Words) -> str:
    return words(
        "overview.course_hover" if row["is_mature"] else "overview.course_hover_young",
        day=row["day"].isoformat(),
        kept=numbers.money_exact(row["kept_per_100_fen"]),
        sold=numbers.money_exact(whole(row["receivable_fen"])),
        rate=numbers.rate(row["refund_rate"]),
        age=row["age_days"],
    )


def _end_hover(row: Mapping, words: Words) -> str:
    ends = {name: numbers.money_exact(None if pd.isna(row[f"{name}_fen"]) else round(row[f"{name}_fen"])) for name in ENDS}
    return words("overview.course_hover_expected", day=row["day"].isoformat(), **ends)


def _session_hover(row: Mapping, words: Words) -> str:
    return words(
        "overview.session_hover",
        day=row["day"],
        streamer=style.plain(row["title"]),
        sold=numbers.money_exact(int(row["receivable_fen"])),
        kept=numbers.money_exact(int(row["kept_per_100_fen"])),
        refunds=numbers.count(int(row["refunds"])),
    )


def _cause_hover(title: str, part: str, fen: int, words: Words) -> str:
    return f"<b>{style.plain(title)}</b><br>{item_name(part, words)} {numbers.money_exact(fen)}"
