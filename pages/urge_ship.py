"""催发货: which orders must go out now, most money first, and who has them?"""

from __future__ import annotations

import streamlit as st

from analytics.present import urges
from analytics.ui import components, session, urge_board, urge_drop, urge_list, urge_memory

words = session.words()
board = urge_board.look()  # stops the page without any shop

st.title(urges.sentence(board.summary, board.has_list, words), anchor=False)
urge_board.standing(board)
urge_board.watch(board)
urge_drop.zone()
components.tile_row(urges.tiles(board.summary, words), None)
urge_list.draw(board)
urge_memory.draw(board)
urge_memory.alarm_settings(board)
