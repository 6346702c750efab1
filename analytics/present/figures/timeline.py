"""What held when: a line a setting or product, a bar a stretch of days with its value; assumptions hatched, gaps crossed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from analytics.present.cost_table import Course, Stretch
from analytics.present.figures import style
from analytics.present.labels import Words

ROW_HEIGHT = 50
AXIS_HEIGHT = 48
BAR_HEIGHT = 0.46  # of a row; its title stands above it, so that a phone has the whole width for the days
ASSUMED_SOLIDITY = 0.18  # thin stripes: the value is written on them
MILLISECONDS_A_DAY = 86_400_000
LONGEST_TITLE = 48
# A bar narrower than this share of the axis has no room for its value; the hover tells it.
ROOM_FOR_TEXT = 0.07


def timeline(courses: Sequence[Course], today: date, words: Words, *, watermark: str = "") -> go.Figure:
    """Draw each course as a line of bars over the days, read downwards, with today marked."""
    bars = [_bar(row, course, stretch, courses, words) for row, course in enumerate(courses) for stretch in course.stretches]
    lines, said = _mark(courses, today, words)
    # All at once: each thing that is added to a figure by itself is checked together with all before it.
    figure = go.Figure(bars, {"shapes": lines, "annotations": [*said, *map(_title, range(len(courses)), courses)]})
    figure.update_yaxes(showticklabels=False, range=[len(courses) - 0.6, -0.8])
    figure.update_xaxes(
        range=_days(courses), type="date", showgrid=True, gridcolor=style.faded(style.GREY), tickformat="%Y-%m-%d", nticks=6
    )
    style.laid_out(figure, ROW_HEIGHT * max(len(courses), 1) + AXIS_HEIGHT, watermark)
    return figure.update_layout(margin={"t": 20})


def _title(row: int, course: Course) -> dict:
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": row - BAR_HEIGHT / 2, "yanchor": "bottom"}
    text = style.plain(course.title, LONGEST_TITLE)
    return {"text": text, "showarrow": False, **place}


def _bar(row: int, course: Course, stretch: Stretch, courses: Sequence[Course], words: Words) -> go.Bar:
    source = words(f"costs.source.{stretch.source}")
    days = words("costs.days", first_day=stretch.first_day, end_day=stretch.end_day)
    first_day, end_day = _days(courses)
    has_room = (stretch.end_day - stretch.first_day) >= ROOM_FOR_TEXT * (end_day - first_day)
    return go.Bar(
        orientation="h",
        y=[row],
        base=[stretch.first_day.isoformat()],
        x=[(stretch.end_day - stretch.first_day).days * MILLISECONDS_A_DAY],
        width=[BAR_HEIGHT],
        marker=_marker(course, stretch),
        text=[style.plain(stretch.text)] if has_room else None,
        textposition="inside",
        insidetextanchor="middle",
        constraintext="none",
        textangle=0,
        textfont={"color": style.INK if stretch.source in ("set", "actual") else style.THEME_TEXT, "size": 13},
        customdata=[stretch.source],
        name=source,
        hovertemplate=f"<b>{style.plain(course.title)}</b><br>{style.plain(stretch.text)} · {source}<br>{days}<extra></extra>",
    )


def _marker(course: Course, stretch: Stretch) -> dict:
    """What the shop set is painted full, a starter assumption pale and hatched, a gap crossed out without colour."""
    if stretch.source in ("off", "none"):
        shape = {"shape": "x" if stretch.source == "off" else "", "size": 5, "solidity": 0.15, "fgcolor": style.GREY}
        pattern = {**shape, "fillmode": "overlay", "fgopacity": 1}
        return {"color": "rgba(0,0,0,0)", "pattern": pattern, "line": {"width": 1, "color": style.GREY}}
    marker = style.marker(style.COLOURS[course.component], stretch.source == "assumed")
    if "pattern" in marker:
        marker["pattern"]["solidity"] = ASSUMED_SOLIDITY
    return marker


def _mark(courses: Sequence[Course], today: date, words: Words) -> tuple[list[dict], list[dict]]:
    """A thin line where today is, and what it is called, when the axis reaches that far."""
    if today > _days(courses)[1]:
        return [], []
    day, grey = today.isoformat(), {"color": style.GREY, "width": 1}
    line = {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": grey}
    place = {"x": day, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": "right"}
    return [line], [{"text": words("costs.today"), "showarrow": False, **place}]


def _days(courses: Sequence[Course]) -> tuple[date, date]:
    """The days that the axis spans, the last not included."""
    stretches = [stretch for course in courses for stretch in course.stretches]
    return min(stretch.first_day for stretch in stretches), max(stretch.end_day for stretch in stretches)
