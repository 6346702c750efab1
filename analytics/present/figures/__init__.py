"""Answers as Plotly figures, words from the catalogue; a module for each kind of question."""

from analytics.present.figures.account import provenance, waterfall
from analytics.present.figures.style import COLOURS, config

__all__ = ["COLOURS", "config", "provenance", "waterfall"]
