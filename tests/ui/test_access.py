"""What the web server lets in and what its answers carry."""

from __future__ import annotations

import asyncio

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from analytics.ui import access

PAGE = b'<!DOCTYPE html><html lang="en"><script>one()</script><script src="x.js"></script></html>'


async def page(scope, receive, send):
    """A page as the framework under the middleware sends it."""
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(PAGE)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE})


def answer(query: str = "", host: str = "127.0.0.1:8501", accepts: str = ""):
    """Status, headers and body of one request through the whole middleware."""
    app = page
    for one in reversed(access.middleware()):
        app = one.cls(app, *one.args, **one.kwargs)
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    headers = [(b"host", host.encode()), (b"accept-language", accepts.encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": headers}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501"])
def test_this_machines_names_are_let_in(host):
    assert answer(host=host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.9:8501"])
def test_any_other_name_is_refused(host):
    assert answer(host=host)[0] == 400


def test_answers_carry_the_security_headers():
    headers = answer()[1]
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"no-referrer"
    policy = headers[b"content-security-policy"].decode()
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "img-src 'self' data: blob:" in policy
    assert "'unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")


def test_an_inline_script_is_allowed_by_its_hash_and_no_other_way():
    policy = dict(access.security_headers("<script>one()</script>"))[b"content-security-policy"].decode()
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='" in script
    assert "'unsafe-inline'" not in script


def test_the_front_page_of_the_installed_framework_has_an_inline_script_to_allow():
    assert access.INLINE_SCRIPT.findall(access._front_page())


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ("lang=zh", "en-US", b"zh"),
        ("lang=en", "zh-CN", b"en"),
        ("", "zh-CN,zh;q=0.9", b"zh"),
        ("", "de-DE,en;q=0.7", b"en"),
        ("", "", b"zh"),
    ],
)
def test_the_page_names_its_language_and_keeps_its_length(query, accepts, language):
    _, headers, body = answer(query=query, accepts=accepts)
    assert b'<html lang="' + language + b'"' in body
    assert int(headers[b"content-length"]) == len(body)


def test_a_visitor_cannot_clear_what_is_kept_for_everybody():
    wishes = [BackMsg(clear_cache=True), BackMsg(rerun_script={"query_string": "period=d7"})]
    sent = [{"type": "websocket.receive", "bytes": wish.SerializeToString()} for wish in wishes]
    sent.append({"type": "websocket.receive", "bytes": b"\xff\xff no message"})
    heard = []

    async def listening(scope, receive, send):
        heard.extend([await receive(), await receive()])

    async def receive():
        return sent.pop(0)

    asyncio.run(access.OneCacheForAll(listening)({"type": "websocket"}, receive, None))
    assert BackMsg.FromString(heard[0]["bytes"]).rerun_script.query_string == "period=d7"
    assert heard[1]["bytes"] == b"\xff\xff no message"
