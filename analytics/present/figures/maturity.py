"""Maturity as figures: cohorts with what is still to come, the curve by age with its band, what was said beside what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from analytics.present import numbers
from analytics.present.figures import style
from analytics.present.labels import Words

HEIGHT = 340
TICKS = "%m-%d"
LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
COLOUR = style.COLOURS["sales"]
TRUTH = style.COLOURS["kept"]


def cohorts(rows: pd.DataFrame, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw every cohort's rate so far, what is still expected on top (pale and hatched), and the range of its end."""
    figure = go.Figure()
    hovers = [_cohort_hover(row, words) for row in rows.to_dict("records")]
    more = (rows["final"] - rows["so_far"]).clip(lower=0)
    shared = {"x": rows["period"], "text": hovers, "textposition": "none", "hovertemplate": "%{text}<extra></extra>"}
    figure.add_trace(
        go.Bar(y=rows["so_far"] * 100, name=words("maturity.legend.so_far"), marker=style.marker(COLOUR, False), **shared)
    )
    figure.add_trace(
        go.Bar(
            y=more * 100,
            name=words("maturity.legend.more"),
            marker=style.marker(COLOUR, True),
            error_y=_range(rows["final"], rows["low"], rows["high"]),
            **shared,
        )
    )
    figure.update_layout(barmode="stack", showlegend=True, legend=LEGEND, bargap=0.18)
    figure.update_xaxes(tickformat=TICKS, type="date", nticks=8)
    return _in_percent(figure, watermark)


def curve(
    come: Sequence[float], band: tuple[Sequence[float], Sequence[float]], settled_days: int, words: Words, *, watermark: str = ""
) -> go.Figure:
    """Draw by age which share of the refunds has come, with the band of eight in ten complete days."""
    ages = list(range(len(come)))
    low, high = ([share * 100 for share in edge] for edge in band)
    figure = go.Figure()
    figure.add_trace(go.Scatter(x=ages, y=high, mode="lines", line={"width": 0}, hoverinfo="skip", showlegend=False))
    figure.add_trace(
        go.Scatter(
            x=ages, y=low, mode="lines", line={"width": 0}, fill="tonexty", fillcolor=style.faded(COLOUR),
            hoverinfo="skip", name=words("maturity.legend.band"),
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=ages,
            y=[share * 100 for share in come],
            mode="lines",
            line={"color": COLOUR, "width": 2.5},
            name=words("maturity.legend.come"),
            text=[words("maturity.curve_hover", age=age, share=numbers.rate(share)) for age, share in enumerate(come)],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.add_vline(x=settled_days, line={"color": style.GREY, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=settled_days,
        y=0,
        yanchor="bottom",
        xanchor="left",
        showarrow=False,
        text=words("maturity.curve_settled", days=settled_days),
    )
    figure.update_xaxes(title=words("maturity.curve_x"), rangemode="tozero")
    figure.update_layout(showlegend=True, legend=LEGEND)
    return _in_percent(figure, watermark)


def replay(rows: pd.DataFrame, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw what was said then (so far, expected, range) and where each cohort stands now."""
    figure = go.Figure()
    hovers = [_replay_hover(row, words) for row in rows.to_dict("records")]
    shared = {"x": rows["period"], "text": hovers, "hovertemplate": "%{text}<extra></extra>", "mode": "markers"}
    figure.add_trace(
        go.Scatter(
            y=rows["so_far"] * 100,
            name=words("maturity.legend.so_far_then"),
            marker={"color": style.GREY, "size": 7, "symbol": "circle-open"},
            **shared,
        )
    )
    figure.add_trace(
        go.Scatter(
            y=rows["final"] * 100,
            name=words("maturity.legend.said_then"),
            marker={"color": COLOUR, "size": 7},
            error_y=_range(rows["final"], rows["low"], rows["high"]),
            **shared,
        )
    )
    figure.add_trace(
        go.Scatter(
            y=rows["final_now"] * 100,
            name=words("maturity.legend.now"),
            marker={"color": TRUTH, "size": 8, "symbol": "diamond"},
            **shared,
        )
    )
    figure.update_layout(showlegend=True, legend=LEGEND)
    figure.update_xaxes(tickformat=TICKS, type="date", nticks=8)
    return _in_percent(figure, watermark)


def _range(middle: pd.Series, low: pd.Series, high: pd.Series) -> dict:
    above, below = ((high - middle) * 100).clip(lower=0), ((middle - low) * 100).clip(lower=0)
    look = {"thickness": 1, "width": 2, "color": style.THEME_TEXT}
    return {"type": "data", "symmetric": False, "array": above, "arrayminus": below, **look}


def _in_percent(figure: go.Figure, watermark: str) -> go.Figure:
    figure.update_yaxes(showgrid=True, ticksuffix="%", rangemode="tozero")
    return style.laid_out(figure, HEIGHT, watermark)


def _cohort_hover(row: Mapping, words: Words) -> str:
    said = {name: numbers.rate(float(row[name])) for name in ("so_far", "final", "low", "high")}
    return words("maturity.cohort_hover", period=row["period"], age=max(int(row["age_days"]), 0), **said)


def _replay_hover(row: Mapping, words: Words) -> str:
    names = ("so_far", "final", "low", "high", "so_far_now", "final_now")
    return words("maturity.replay_hover", period=row["period"], **{name: numbers.rate(float(row[name])) for name in names})
