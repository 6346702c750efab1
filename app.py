"""The front door: the pages' frame behind the middleware."""

from pathlib import Path

import streamlit as st

from analytics.ui import access, early

FRAME = Path(__file__).resolve().parent / "analytics" / "ui" / "frame.py"
app = st.App(FRAME, middleware=access.middleware(), lifespan=early.opened)
