# SPDX-License-Identifier: GPL-2.0-or-later
"""From the last lines of pip to one sentence that says what is wrong, and one that says what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..i18n import tr
from .problem import EnvironmentProblem, name_options_page

_PACKAGE = re.compile(
    r"(?:No matching distribution found for|satisfies the requirement) ([\w.\-\[\]]+)==([\w.]+)", re.ASCII
)

# The first that fits is meant: what is more special comes first.
_SIGNS = (
    ("socks", r"Missing dependencies for SOCKS"),
    ("proxy_login", r"407 Proxy|Proxy Authentication Required"),
    ("proxy", r"ProxyError|Cannot connect to proxy|Tunnel connection failed"),
    ("certificate", r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError"),
    ("disk", r"No space left on device|Errno 28\b|WinError 112|Disk quota exceeded"),
    ("long_path", r"Long Path support|WinError 206"),
    ("locked", r"WinError (5|32)\b|Permission denied"),
    (
        "network",
        r"connection broken by|NewConnectionError|ConnectTimeout|ReadTimeout|Name or service not known|Max retries",
    ),
    ("hash", r"THESE PACKAGES DO NOT MATCH THE HASHES"),
    ("package", r"No matching distribution found"),
)


def explain_pip_error(lines: Sequence[str], *, python: str, wheels: str) -> EnvironmentProblem:
    """Say what pip could not do.

    Args:
        lines: What it said last.
        python: Version that it installs for.
        wheels: Folder that it installs from; empty for the index.
    """
    log = "\n".join(lines)
    sign = next((name for name, pattern in _SIGNS if re.search(pattern, log)), "")
    if sign == "package":
        text, hint = _no_package(log, python, wheels)
    elif sign:
        text, hint = _remedies()[sign]
    else:
        last = next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1] if lines else "")
        text = tr("The packages could not be installed: {}").format(
            last.replace("ERROR: ", "", 1) or tr("pip said nothing")
        )
        hint = tr("Run Diagnose in {} and report what it says.").format(name_options_page())
    return EnvironmentProblem(text, hint, log)


def _remedies() -> dict[str, tuple[str, str]]:
    """Return sentence and remedy for each sign."""
    network = tr("QGIS's proxy is in Settings → Options → Network. Without a network, name a folder of wheels in {}.")
    network = network.format(name_options_page())
    return {
        "socks": (tr("pip cannot go through a SOCKS proxy."), network),
        "proxy_login": (tr("The proxy refused the user or the password."), network),
        "proxy": (tr("The proxy did not let pip through."), network),
        "certificate": (
            tr("The package index shows a certificate that pip does not trust."),
            tr("If a firewall opens connections, name its certificate in the variable PIP_CERT and restart QGIS."),
        ),
        "disk": (tr("The disk is full."), tr("Make room where the QGIS profile and its packages go, and try again.")),
        "long_path": (
            tr("Windows allows no file names as long as those of some packages."),
            tr("Switch long paths on (LongPathsEnabled, as an administrator), and try again."),
        ),
        "locked": (
            tr("Some files of the environment cannot be written."),
            tr("End runs of aerialseg in other windows of QGIS, and try again."),
        ),
        "network": (tr("The package index cannot be reached."), network),
        "hash": (tr("A package arrived damaged."), tr("Try again.")),
    }


def _no_package(log: str, python: str, wheels: str) -> tuple[str, str]:
    named = _PACKAGE.search(log)
    package = f"{named[1]} {named[2]}" if named else tr("a package")
    if wheels:
        text = tr("The folder {} has no wheel of {} for Python {} on this system.").format(wheels, package, python)
        return text, tr("Fill it on a computer of the same kind with: pip download -r run.txt.")
    if "(from versions: none)" in log:  # nothing at all: an index that refuses, or another kind of index
        return tr("The package index gave no {}.").format(package), _remedies()["network"][1]
    text = tr("There is no wheel of {} for Python {} on this system.").format(package, python)
    return text, tr("Name a Python between 3.10 and 3.13 that has the packages, in {}.").format(name_options_page())
