# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS's proxy for pip: handed over in variables of its process, never on a command line, never in a log."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Optional
from urllib.parse import quote, urlsplit

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtNetwork import QNetworkProxy

SCHEMES = {"HttpProxy": "http", "HttpCachingProxy": "http", "Socks5Proxy": "socks5h"}
"""Kinds of proxy as QGIS stores and pip writes them. "DefaultProxy" is the system's, which pip finds by itself."""

HIDDEN = "***"
"""Stands where a password was."""


@dataclass(frozen=True)
class Proxy:
    """A proxy that QGIS is set to use."""

    scheme: str
    host: str
    port: int = 0
    user: str = ""
    password: str = ""
    excluded: tuple[str, ...] = ()
    """Hosts that are reached without it."""

    def format_address(self, *, hide: bool = False) -> str:
        """Return its URL, with the password or with asterisks in its place."""
        secret = HIDDEN if hide else quote(self.password, safe="")
        login = quote(self.user, safe="") + (f":{secret}" if self.password else "")
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{login}{'@' if login else ''}{self.host}{port}"

    def make_variables(self, platform: str = sys.platform) -> dict[str, str]:
        """Return the variables that make pip use it."""
        address = self.format_address()
        given = {"HTTP_PROXY": address, "HTTPS_PROXY": address, "ALL_PROXY": address}
        if self.excluded:
            given["NO_PROXY"] = ",".join(self.excluded)
        if platform != "win32":  # lower case wins where both are set; Windows knows one case only
            given.update({name.lower(): value for name, value in given.items()})
        return given

    def hide_password(self, line: str) -> str:
        """Return a line of a log without the password."""
        for secret in {self.password, quote(self.password, safe="")} - {""}:
            line = line.replace(secret, HIDDEN)
        return line


def find_proxy() -> Optional[Proxy]:
    """Return the proxy of QGIS's network settings; None if there is none, or if it is the system's."""
    stored = QgsSettings()
    if not stored.value("proxy/proxyEnabled", False, type=bool):
        return None
    scheme = SCHEMES.get(str(stored.value("proxy/proxyType", "")))
    host = str(stored.value("proxy/proxyHost", "") or "").strip()
    if scheme is None or not host:
        return None
    text = {name: str(stored.value(f"proxy/{name}", "") or "") for name in ("proxyPort", "proxyUser", "proxyPassword")}
    port = int(text["proxyPort"]) if text["proxyPort"].isdigit() else 0
    proxy = Proxy(scheme, host, port, text["proxyUser"], text["proxyPassword"], _list_excluded_hosts(stored))
    authcfg = str(stored.value("proxy/authcfg", "") or "")
    return _authenticate(proxy, authcfg) if authcfg else proxy


def _list_excluded_hosts(stored: QgsSettings) -> tuple[str, ...]:
    """Return hosts of the addresses that QGIS reaches without its proxy."""
    hosts: list[str] = []
    for name in ("proxy/noProxyUrls", "proxy/proxyExcludedUrls"):
        value = stored.value(name)
        items = [value] if isinstance(value, str) else value or ()
        for item in (word.strip() for part in items for word in str(part).split("|")):
            hosts.append((urlsplit(item).hostname or "") if "://" in item else item.split("/")[0])
    return tuple(dict.fromkeys(filter(None, hosts)))


def _authenticate(proxy: Proxy, authcfg: str) -> Proxy:
    """Return the proxy with the user and password of an authentication configuration, if QGIS hands them out."""
    manager = QgsApplication.authManager()
    if manager is None or manager.isDisabled():
        return proxy
    worked, filled = manager.updateNetworkProxy(QNetworkProxy(), authcfg)
    return replace(proxy, user=filled.user(), password=filled.password()) if worked and filled.user() else proxy
