"""The web: how a server is asked over HTTP by the variables by which GDAL reads `/vsicurl/`."""

from __future__ import annotations

import base64
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from .object_store import sign_request

if TYPE_CHECKING:
    import urllib.request

TIMEOUT = 15.0
"""Seconds to wait at most for the answer of a server; GDAL_HTTP_TIMEOUT may say less."""

_TRIES = 4
_PAUSE = 0.5

_Found = TypeVar("_Found")


def ask_web(
    address: str, read: Callable[[Any], _Found], headers: dict[str, str] | None = None, *, signed: bool = False
) -> _Found:
    """Ask a server, and once more if it is busy or the connection breaks.

    Args:
        address: With http or https; it may hold a user and a password.
        read: Reads what is wanted from the answer, which is closed then.
        headers: What is sent besides what the environment says.
        signed: Whether the request is signed for an object store.

    Returns:
        What `read` returns.

    Raises:
        OSError, http.client.HTTPException, ValueError: The last try failed, or there is no such file.
    """
    import http.client  # takes its time, and files on a disk need none of it

    for number in range(_TRIES):
        if number:
            time.sleep(_PAUSE * 2 ** (number - 1))
        try:
            request = _make_request(address, headers or {}, signed=signed)
            with _make_opener().open(request, timeout=_find_timeout()) as answer:
                return read(answer)
        except HTTPError as error:
            error.close()
            if number == _TRIES - 1 or (error.code < 500 and error.code != 429):
                raise
        except (OSError, http.client.HTTPException, ValueError):
            if number == _TRIES - 1:
                raise
    raise AssertionError  # the last try has returned or raised


def _make_opener() -> urllib.request.OpenerDirector:
    """Make what asks http and https only, through the proxy that GDAL goes through."""
    import urllib.request

    proxies = {
        scheme: proxy
        for scheme, name in (("http", "GDAL_HTTP_PROXY"), ("https", "GDAL_HTTPS_PROXY"))
        if (proxy := os.environ.get(name) or os.environ.get("GDAL_HTTP_PROXY"))
    }
    return urllib.request.build_opener(urllib.request.ProxyHandler(proxies or None))


def _find_timeout() -> float:
    try:
        return min(TIMEOUT, float(os.environ["GDAL_HTTP_TIMEOUT"]) or TIMEOUT)  # 0: GDAL waits without end
    except (KeyError, ValueError):
        return TIMEOUT


def _make_request(address: str, wanted: dict[str, str], *, signed: bool) -> urllib.request.Request:
    """Make a request; servers of signed addresses answer GET only."""
    import urllib.request

    parts = urlsplit(address)
    user, _, host = parts.netloc.rpartition("@")
    plain = urlunsplit((parts.scheme, host, quote(parts.path, safe="/%:@!$&'()*+,;=~"), parts.query, ""))
    request = urllib.request.Request(plain, headers={**wanted, "User-Agent": "aerialseg"})
    if signed:
        for key, value in sign_request(plain, wanted).items():
            request.add_unredirected_header(key, value)
        return request
    user = unquote(user) or os.environ.get("GDAL_HTTP_USERPWD", "")
    if user:
        secret = base64.b64encode(user.encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {secret}")
    headers = os.environ.get("GDAL_HTTP_HEADERS", "")
    with suppress(OSError, KeyError, ValueError):
        headers += "\n" + Path(os.environ["GDAL_HTTP_HEADER_FILE"]).read_text("utf-8")
    for line in re.split(r"\r?\n|,(?=[\w-]+:)", headers):
        key, colon, value = line.partition(":")
        if colon:
            request.add_unredirected_header(key.strip(), value.strip())
    return request
