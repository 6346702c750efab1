"""What all charts share: one template, one colour for each part on every page, hatching for what is assumed."""

from __future__ import annotations

import plotly.graph_objects as go

# Okabe–Ito: told apart by colour-blind readers, on white and on dark paper. Text and grid take the page theme's colours.
COLOURS = {
    "receivable": "#8A94A0",
    "sales": "#0072B2",
    "acquisition": "#E69F00",
    "logistics": "#56B4E9",
    "handling": "#CC79A7",
    "damage": "#D55E00",
    "kept": "#009E73",
}
GREY = "#8A94A0"
# Streamlit's page replaces this colour by its theme's strongest text; its own choice for charts is too pale on white.
THEME_TEXT = "#000037"
AXIS_FONT = {"color": THEME_TEXT, "size": 13}
INK = "#10161C"  # on a bar, in both themes
ASSUMED_OPACITY = 0.4
SET_OPACITY = 0.7
FONT = '-apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

TEMPLATE = go.layout.Template(
    layout=go.Layout(
        font={"family": FONT, "size": 13},
        colorway=list(COLOURS.values()),
        hoverlabel={"align": "left", "font": {"family": FONT}},
        bargap=0.35,
        showlegend=False,
        xaxis={"showgrid": False, "zeroline": False, "fixedrange": True},
        yaxis={"showgrid": False, "zeroline": False, "fixedrange": True},
    )
)
# Labels and hovers understand a little HTML, links among it; names of products and people are data, not markup.
_MARKUP = str.maketrans({"<": "‹", ">": "›", "&": "＆"})


def config(file_name: str) -> dict:
    """Return the options of a chart: a button that saves it as a PNG, and no zoom that would swallow the scrolling thumb."""
    image = {"format": "png", "filename": file_name, "scale": 2}
    return {"modeBarButtons": [["toImage"]], "toImageButtonOptions": image, "displaylogo": False, "scrollZoom": False}


def plain(text: str, longest: int = 0) -> str:
    """Return other people's text with nothing a chart could take for markup, cut to `longest` characters where that is set."""
    safe = str(text).translate(_MARKUP)
    return f"{safe[: longest - 1]}…" if longest and len(safe) > longest else safe


def marker(colour: str, is_assumed: bool, opacity: float = 1.0) -> dict:
    """Return how a bar is painted; what is assumed, or not yet mature, is the same colour pale and hatched."""
    if not is_assumed:
        return {"color": colour, "opacity": opacity, "line": {"width": 0}}
    pattern = {"shape": "/", "size": 6, "solidity": 0.35, "fillmode": "overlay", "fgcolor": colour, "fgopacity": 1}
    return {"color": faded(colour), "pattern": pattern, "line": {"width": 0}}


def ink_on(colour: str) -> str:
    """Return the colour of text on a bar: dark, but white on the one bar that is dark itself."""
    return "#FFFFFF" if colour == COLOURS["sales"] else INK


def faded(colour: str) -> str:
    """Return a colour (#rrggbb) as a pale, see-through one."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{ASSUMED_OPACITY})"


def laid_out(figure: go.Figure, height: int, watermark: str) -> go.Figure:
    """Return the figure in the common template, `height` pixels high, the watermark of generated data written across it."""
    # The layout as plain data, checked once when it is put back: updates of single parts are six times as dear.
    layout = figure.layout.to_plotly_json()
    for name in ("xaxis", "yaxis"):  # the page's own choice for the text of charts is too pale
        axis = layout.setdefault(name, {})
        axis |= {"tickfont": AXIS_FONT, "title": {**axis.get("title", {}), "font": AXIS_FONT}}
    said = [{**one, "font": {"color": THEME_TEXT, "size": 12}} for one in layout.get("annotations", ())]
    margin = {"l": 8, "r": 8, "t": 8, "b": 8}
    layout |= {"template": TEMPLATE, "height": height, "margin": margin, "barmode": layout.get("barmode", "overlay")}
    figure.layout = {**layout, "annotations": [*said, _across(watermark)] if watermark else said}
    return figure


def _across(watermark: str) -> dict:
    """The annotation that writes a watermark across the whole figure."""
    place = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "textangle": -18}
    font = {"size": 54 if len(watermark) <= 5 else 34, "color": GREY}
    return {"text": watermark, "showarrow": False, "opacity": 0.13, "font": font, **place}
