"""Opening the ledger as soon as the server is up, before the first browser asks for a page."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from analytics import settings


@asynccontextmanager
async def opened(_: Any) -> AsyncIterator[None]:
    """Begin to open the ledger beside the server, which answers meanwhile."""
    threading.Thread(target=_open, name="early", daemon=True).start()
    yield


def _open() -> None:
    from analytics.ui import opening  # its libraries take most of a second, in which the server can answer already

    opening.of(settings.home())
    _warm_up()


def _warm_up() -> None:
    """Load what the first page is drawn with while the browser still loads its own part: half a second of the first chart."""
    from analytics.ui import overview_parts

    overview_parts.warm_up()
