"""The front door: the pages' frame behind the middleware."""

from pathlib import Path

import streamlit as st

from analytics.ui import access

app = st.App(Path(__file__).resolve().parent / "analytics" / "ui" / "frame.py", middleware=access.middleware())
