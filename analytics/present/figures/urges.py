"""How long buyers who urged waited for their parcel, week by week."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analytics.present import numbers
from analytics.present.figures import style
from analytics.present.labels import Words

DAY_HOURS = 24


def hours_to_ship(weeks: pd.DataFrame, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw by week the median hours from the first urge to shipment; a line marks one day."""
    known = weeks[weeks["hours_median"].notna()].sort_values("week")
    told = [
        words(
            "urge_ship.memory.hover",
            week=f"{row['week']:%m-%d}",
            hours=f"{row['hours_median']:.1f}",
            orders=numbers.count(int(row["shipped"])),
        )
        for row in known.to_dict("records")
    ]
    figure = go.Figure(
        go.Scatter(
            x=known["week"],
            y=known["hours_median"].astype(float),
            mode="lines+markers",
            line={"color": style.COLOURS["sales"], "width": 2.5},
            text=told,
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_hline(y=DAY_HOURS, line={"color": style.GREY, "dash": "dot", "width": 1})
    figure.update_yaxes(showgrid=True, rangemode="tozero")
    figure.update_xaxes(tickformat="%m-%d", nticks=8)
    return style.laid_out(figure, 300, watermark)
