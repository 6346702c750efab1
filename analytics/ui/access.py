"""What the web server lets in and how browsers must treat what it sends: host names, security headers."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from analytics.present.labels import language_of

LOCAL_HOSTS = ("127.0.0.1", "localhost")
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class SecurityHeaders:
    """Add the headers that keep other sites' scripts, images and frames out of the pages."""

    def __init__(self, app: ASGIApp, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._app = app
        self._headers = list(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; responses get the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self._headers]}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class PageLanguage:
    """Name the page's language in its first tag, so that a Chinese reader's browser does not offer to translate it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; HTML is marked with the language asked for in the address, else by the browser."""
        is_html = False

        async def send_marked(message: Message) -> None:
            nonlocal is_html
            if message["type"] == "http.response.start":
                is_html = any(name == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])
            elif is_html and message["type"] == "http.response.body":
                # Two letters for two letters: the length that was announced stays true.
                message = {**message, "body": message["body"].replace(b'<html lang="en"', f'<html lang="{language}"'.encode())}
            await send(message)

        language = _language_of(scope) if scope["type"] == "http" else ""
        await self._app(scope, receive, send_marked if language else send)


class OneCacheForAll:
    """Let no visitor clear the answers that are kept for everybody: browsers have a key for it that needs no right."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but a browser's wish to clear the caches."""

        async def receive_others() -> Message:
            message = await receive()
            while message["type"] == "websocket.receive" and _clears_caches(message.get("bytes") or b""):
                message = await receive()
            return message

        await self._app(scope, receive_others if scope["type"] == "websocket" else receive, send)


def middleware() -> list[Middleware]:
    """Return what stands between the network and the pages: only this machine's names, one cache for all, and the headers."""
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=list(LOCAL_HOSTS)),
        Middleware(OneCacheForAll),
        Middleware(PageLanguage),
        Middleware(SecurityHeaders, headers=security_headers(_front_page())),
    ]


def security_headers(front_page: str) -> list[tuple[bytes, bytes]]:
    """Return the headers; scripts are the server's own files and the inline ones of its front page, known by their hash."""
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in INLINE_SCRIPT.findall(front_page))
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' 'wasm-unsafe-eval' {hashes}".strip(),
        "style-src": "'self' 'unsafe-inline'",  # the charts and the page framework write styles as they go
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' ws: wss:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return [
        (b"content-security-policy", "; ".join(f"{name} {value}" for name, value in policy.items()).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]


def _clears_caches(sent: bytes) -> bool:
    """Whether a browser's message is a wish to clear the caches. Its form is the framework's own: its version is pinned."""
    try:
        return BackMsg.FromString(sent).WhichOneof("type") == "clear_cache"
    except DecodeError:
        return False  # the framework itself says what is wrong with it


def _language_of(scope: Scope) -> str:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang")
    accepted = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    return language_of(asked[0] if asked else accepted)


def _front_page() -> str:
    return (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
