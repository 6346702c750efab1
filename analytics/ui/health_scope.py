"""What the check-up looks at: the shops, and everything that the ledger knows about the health of their data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import streamlit as st

from analytics.actions import safety
from analytics.errors import OperatorError
from analytics.present import account
from analytics.present.health import Cover, covers_of
from analytics.store import questions
from analytics.ui import components, filters, session

CHECKED = "health.checked"  # the version of the data that the reader had checked


@dataclass(frozen=True)
class Health:
    """The answers of the ledger about some shops; `failures` is None while the rules were not checked on this data."""

    shops: tuple[str, ...]
    watermark: str
    findings: pd.DataFrame
    files: pd.DataFrame
    components: pd.DataFrame
    listed: pd.DataFrame
    account: account.Account
    failures: list[dict[str, Any]] | None
    refusal: OperatorError | None

    @cached_property
    def covers(self) -> list[Cover]:
        """The months and kinds of files, all shops added up."""
        return covers_of(self.files)

    @property
    def failing(self) -> int | None:
        """How many rows fail; None: not checked."""
        return None if self.failures is None else len(self.failures)

    @property
    def described(self) -> Mapping[str, str]:
        """What a download says about its rows."""
        words = session.words()
        return {words("shop.label"): "、".join(self.shops) if words.language == "zh" else ", ".join(self.shops)}


def look() -> Health:
    """Draw the choice of shops and ask everything about them; without any data the page stops here."""
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        shops, is_sample = filters.shops_chosen()
    if is_sample:
        components.sample_notice()
    if not shops:
        components.nothing_yet("health")
    files = session.ask(questions.health_files, shops=shops)
    findings = session.ask(questions.coverage, shops=shops)
    if files.empty and findings.empty:
        components.nothing_yet("health")
    failures, refusal = _checked()
    return Health(
        shops=shops,
        watermark=words("sample.watermark") if is_sample else "",
        findings=findings,
        files=files,
        components=session.ask(questions.health_components, shops=shops),
        listed=session.ask(questions.health_words, shops=shops),
        account=account.account_of(session.ask(questions.losses_by, dimensions=(), shops=shops)),
        failures=failures,
        refusal=refusal,
    )


def _checked() -> tuple[list[dict[str, Any]] | None, OperatorError | None]:
    """The failing rows, once the reader has asked for them; new data is not checked until he asks again."""
    if st.session_state.get(CHECKED) != session.warehouse().version():
        return None, None
    try:
        with st.spinner(session.words()("health.checks.running"), show_time=True):
            return session.known(safety.check), None
    except OperatorError as error:
        return None, error
