"""The drop zone and what was dropped: one card a file, with its preview, questions, problems, progress, and the confirmation."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from analytics.actions import imports
from analytics.actions.import_desk import LARGEST_UPLOAD_BYTES, Progress, list_kinds
from analytics.actions.import_jobs import IN_LINE, WAITING, Job
from analytics.errors import OperatorError
from analytics.present import import_report, numbers
from analytics.present.labels import escape
from analytics.ui import components, import_receipts, import_session, session

BUSY_SECONDS, IDLE_SECONDS = 1.0, 30.0
MOST_CARDS_BEFORE_A_BUTTON = 4  # with more the button stands above them as well
BADGES = {
    "reading": ("hourglass_top", "blue"),
    "needs_password": ("lock", "orange"),
    "other_shop": ("help", "orange"),
    "ready": ("visibility", "blue"),
    "already": ("check", "gray"),
    "twin": ("content_copy", "gray"),
    "refused": ("error", "red"),
    "failed": ("error", "red"),
    "queued": ("schedule", "blue"),
    "storing": ("sync", "blue"),
    "done": ("check_circle", "green"),
    "cancelled": ("close", "gray"),
    "expired": ("timer_off", "gray"),
}


def zone(list_kind: str | None = None) -> None:
    """Draw the drop zone with the shop it belongs to; what is dropped goes to the desk, and the zone is empty again.

    `list_kind` is what order lists dropped here are taken for where their names do not say.
    """
    words = session.words()
    with st.container(border=True):
        place, side = st.columns([3, 1], gap="medium")
        with side:
            shop = _shop()
        with place:
            limits = {"mb": LARGEST_UPLOAD_BYTES >> 20}
            number = st.session_state.setdefault("imports.zone", 0)
            dropped = st.file_uploader(words("imports.zone"), accept_multiple_files=True, key=f"imports.files.{number}")
            st.caption(words("imports.zone_note", **limits))
    if dropped and shop:
        st.session_state["imports.refused"] = _submit(dropped, shop, list_kind)
        st.session_state["imports.zone"] = number + 1
        st.rerun()
    for sentence in st.session_state.get("imports.refused", ()):
        st.error(escape(sentence), icon=":material/error:")


def watched() -> None:
    """Draw the drop's files and keep them up to date: every second while something is done, else just often enough to stay."""
    st.session_state["imports.busy"] = is_busy = _is_busy()
    st.fragment(_cards, run_every=BUSY_SECONDS if is_busy else IDLE_SECONDS)()


def _shop() -> str | None:
    """Draw the choice of the shop that files go to: one there is, or a new name; None while the name cannot be one."""
    words = session.words()
    real, _ = import_session.shops()
    usual = st.session_state.get("imports.chosen") or imports.usual_shop(session.warehouse(), actor=session.actor())
    options = list(dict.fromkeys([*real, usual, st.session_state.get("imports.shop") or usual]))
    chosen = st.selectbox(
        words("imports.shop"),
        options,
        index=options.index(usual),
        accept_new_options=True,
        key="imports.shop",
        help=words("imports.shop_help"),
    )
    if not real:
        st.caption(words("imports.shop_first"))
    try:
        shop = imports.real_shop(chosen or "")
    except OperatorError as error:
        components.problem(error)
        return None
    if st.session_state.get("imports.chosen", shop) != shop:
        import_session.desk().move(import_session.drop(), shop, actor=session.actor())
    st.session_state["imports.chosen"] = shop
    return shop


def _submit(dropped: list[Any], shop: str, list_kind: str | None) -> list[str]:
    """Hand the files to the desk; return the sentences about those that it does not take."""
    desk, refused = import_session.desk(), []
    for file in dropped:
        try:
            told = {"shop": shop, "actor": session.actor(), "list_kind": list_kind}
            desk.submit(import_session.drop(), file.name, file, file.size, **told)
        except OperatorError as error:
            refused.append(str(error))
    return refused


def _is_busy() -> bool:
    return any(job.state in ("reading", *IN_LINE) for job in [*import_session.jobs(), *_line()])


def _cards() -> None:
    jobs = import_session.jobs()
    # The frame notes the version before the page is drawn: whatever came in since is to be seen in the page around the cards.
    if st.session_state["imports.busy"] != _is_busy() or st.session_state["version"] != session.warehouse().version():
        st.rerun()
    _others()
    if not jobs:
        return
    _heading(jobs)
    for job in jobs:
        if job.task == "import":
            _card(job)
        else:
            _errand(job)
    _confirmation(jobs, place="below")


def _line() -> list[Job]:
    return import_session.desk().line(actor=session.actor())


def _others() -> None:
    """Say whose files are stored just now, when they are somebody else's."""
    words, desk = session.words(), import_session.desk()
    others = [job for job in _line() if job.drop != import_session.drop()]
    if not others:
        return
    first = others[0]
    left = import_report.duration(desk.progress(others[-1]).seconds_left, words)
    told = words("imports.others", who=escape(first.asker.name), jobs=numbers.count(len(others)), left=left)
    st.info(told, icon=":material/group:")


def _heading(jobs: list[Job]) -> None:
    words = session.words()
    files = [job for job in jobs if job.task == "import"]
    if files:
        st.subheader(words("imports.dropped", files=numbers.count(len(files))), anchor=False)
    if sum(job.state == "ready" for job in jobs) > 1:
        st.caption(words("imports.preview_note"))
    if len(files) > MOST_CARDS_BEFORE_A_BUTTON:
        _confirmation(jobs, place="above")


def _card(job: Job) -> None:
    words = session.words()
    icon, colour = BADGES[job.state]
    with st.container(border=True, gap="xsmall", key=f"imports.card.{job.job_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{escape(job.file)}**", width="stretch")
            if job.state != "done" or not import_receipts.is_undone(job.receipt):
                st.badge(words(f"imports.state.{job.state}"), icon=f":material/{icon}:", color=colour)
            if job.state in (*WAITING, "queued"):
                options = {"type": "tertiary", "icon": ":material/close:", "key": f"imports.cancel.{job.job_id}"}
                st.button(words("imports.cancel"), on_click=_cancel, args=(job.job_id,), **options)
            elif job.state == "done" and job.load_id is not None and job.receipt.already_loaded_at is None:
                import_receipts.undo(job.receipt, key=job.job_id)
        _told(job)


def _told(job: Job) -> None:
    """What is known of a file, or asked about it, in its present state."""
    words = session.words()
    if job.error is not None and job.state == "refused":
        components.problem(job.error)
    elif job.state in ("reading", *IN_LINE):
        _progress(job)
    elif job.state == "failed":
        components.fault(job.code)
    elif job.state in ("twin", "expired", "cancelled"):
        st.caption(words(f"imports.told.{job.state}", file=escape(job.twin_of or "")))
    elif job.state == "done":
        import_receipts.outcome(job.receipt, key=job.job_id)
    else:
        if job.receipt is not None:
            _preview(job)
        _question(job)


def _preview(job: Job) -> None:
    words, receipt = session.words(), job.receipt
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        with st.container(width="stretch", gap="xsmall"):
            import_receipts.facts(receipt)
            if job.state == "already":
                at = f"{receipt.already_loaded_at:%Y-%m-%d %H:%M}"
                told = {"at": at, "who": escape(receipt.loaded_by or numbers.NOTHING), "load_id": receipt.load_id}
                st.markdown(words("imports.already", **told))
            else:
                import_receipts.numbers_of(receipt)
        if job.is_list:
            _which_list(job)
    if job.state != "already":
        import_receipts.remarks(receipt, key=job.job_id)


def _which_list(job: Job) -> None:
    """Ask what an order export is: all orders, or the list of one tool, whose time of export matters then."""
    words = session.words()
    kinds = {kind: import_report.list_title(kind, words) for kind in list_kinds()}
    found = job.staged.list_kind if job.staged else job.list_kind
    present = found if found in kinds else import_report.ALL_ORDERS
    exported_at = job.staged.exported_at if job.staged else None
    with st.container(horizontal=True, vertical_alignment="top", gap="small", width="content"):
        # A browser sends titles, and goes on sending those of the language before: each language has a box of its own.
        key = f"imports.list.{job.job_id}.{job.revision}.{words.language}"
        shown = {"index": list(kinds).index(present), "format_func": kinds.get, "width": 150, "help": words("imports.list_help")}
        said = {"key": key, "on_change": _say, "args": (job.job_id, "list_kind", key)}
        st.selectbox(words("imports.list"), list(kinds), **shown, **said)
        if present == import_report.ALL_ORDERS or job.state == "already":
            return
        if exported_at is not None:
            st.caption(words("imports.exported_known", at=f"{exported_at:%Y-%m-%d %H:%M}"), width="content")
            return
        key = f"imports.exported.{job.job_id}.{job.revision}"
        said = {"key": key, "on_change": _say, "args": (job.job_id, "exported_at", key)}
        shown = {"format": "YYYY-MM-DD", "step": 60, "width": 230, "help": words("imports.exported_help")}
        st.datetime_input(words("imports.exported"), value=None, **shown, **said)


def _question(job: Job) -> None:
    words = session.words()
    if job.state == "needs_password":
        wrong = job.password is not None
        st.caption(words("imports.password_wrong" if wrong else "imports.password_wanted"))
        key = f"imports.password.{job.job_id}.{job.revision}"
        said = {"key": key, "on_change": _say, "args": (job.job_id, "password", key), "type": "password", "width": 320}
        st.text_input(words("imports.password"), placeholder=words("imports.password_hint"), autocomplete="off", **said)
    elif job.state == "other_shop":
        share = numbers.rate(job.other_share)
        told = words("imports.other_shop", share=share, other=escape(job.other_shop), shop=escape(job.shop))
        st.warning(told, icon=":material/help:")
        with st.container(horizontal=True, gap="small"):
            give = words("imports.other_shop_give", shop=escape(job.other_shop))
            keep = words("imports.other_shop_keep", shop=escape(job.shop))
            chosen = {"on_click": _give, "type": session.emphasis(), "args": (job.job_id, job.other_shop)}
            st.button(give, key=f"imports.give.{job.job_id}", **chosen)
            st.button(keep, key=f"imports.keep.{job.job_id}", on_click=_give, args=(job.job_id, job.shop))


def _progress(job: Job) -> None:
    progress = import_session.desk().progress(job)
    st.progress(progress.share, _progress_text(job, progress))


def _progress_text(job: Job, progress: Progress) -> str:
    words = session.words()
    left = import_report.duration(progress.seconds_left, words)
    if job.state == "reading" and job.began is None:
        return words("imports.progress_waiting")
    if job.state == "reading" and progress.rows is None:
        return words("imports.progress_opening", size=import_report.size(job.size_bytes), left=left)
    if job.state == "reading":
        return words("imports.progress_reading", rows=numbers.count(progress.rows), left=left)
    if job.state == "queued":
        return (
            words("imports.progress_queued", ahead=progress.ahead, left=left)
            if progress.ahead
            else words("imports.progress_next")
        )
    total = numbers.count(job.receipt.rows if job.receipt else 0)
    return words(f"imports.progress_{job.task}", total=total, left=left)


def _errand(job: Job) -> None:
    """A line about taking something back."""
    words = session.words()
    if job.state in IN_LINE:
        with st.container(border=True):
            st.markdown(f"**{escape(job.file)}**")
            _progress(job)
    elif job.error is not None:
        components.problem(job.error)
    elif job.state == "failed":
        components.fault(job.code)
    else:
        st.success(words(f"imports.told_{job.task}", file=escape(job.file)), icon=":material/undo:")


def _confirmation(jobs: list[Job], *, place: str) -> None:
    """The buttons beside the cards: store what is ready, give up what is not in, put the list away, go on to the figures."""
    words, ready = session.words(), [job for job in jobs if job.state == "ready"]
    is_undecided = any((job.state in WAITING and job.state != "already") or job.state == "queued" for job in jobs)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if ready:
            label = words("imports.confirm", files=numbers.count(len(ready)))
            st.button(label, type=session.emphasis(), icon=":material/check:", on_click=_confirm, key=f"imports.confirm.{place}")
        if is_undecided:
            st.button(words("imports.cancel_all"), type="tertiary", on_click=_cancel_all, key=f"imports.cancel_all.{place}")
        elif not any(job.state in IN_LINE for job in jobs):
            st.button(words("imports.put_away"), type="tertiary", on_click=_put_away, key=f"imports.put_away.{place}")
        if any(job.state == "done" and job.task == "import" for job in jobs):
            import_receipts.onward()
    if ready:
        st.caption(words("imports.confirm_note"))


def _say(job_id: str, name: str, key: str) -> None:
    said = st.session_state.get(key)
    if said:
        _try(partial(import_session.desk().change, job_id, **{name: said}))


def _give(job_id: str, shop: str) -> None:
    _try(partial(import_session.desk().change, job_id, shop=shop))


def _cancel(job_id: str) -> None:
    _try(partial(import_session.desk().cancel, job_id))


def _cancel_all() -> None:
    for job in import_session.jobs():
        _cancel(job.job_id)


def _confirm() -> None:
    _try(partial(import_session.desk().confirm, import_session.drop()))


def _put_away() -> None:
    for job in import_session.jobs():
        if job.state == "already":
            _cancel(job.job_id)
    import_session.desk().dismiss(import_session.drop(), actor=session.actor())


def _try(deed: Any) -> None:
    """Do what a click asks for; when that is not possible any more, the page says why."""
    st.session_state["imports.refused"] = []
    try:
        deed(actor=session.actor())
    except OperatorError as error:
        st.session_state["imports.refused"] = [str(error)]
