"""Scan the archive of the QGIS plugin as plugins.qgis.org does before it publishes one: scan_plugin.py ARCHIVE.

Bandit, detect-secrets and Flake8 run over the unpacked archive; any finding fails. The settings are those of that site:
`qgis-app/plugins/security_scanner.py` and the rules beside it in `management/commands/data/`, in the repository
qgis/QGIS-Plugins-Website, as of July 2026. There a finding of Bandit or detect-secrets blocks a version, one of Flake8
is shown on its page. No file of settings and no baseline in the archive counts: what is meant as it is carries
`# nosec B123` or `# pragma: allowlist secret` on its line, and a reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

TOOLS = ("bandit", "detect_secrets", "flake8")

BANDIT_OFF = ("B404", "B411")
"""Tests of Bandit that the site has switched off; B109 and B410 are off too, and no longer in Bandit."""

SECRETS_OFF = ("IPPublicDetector",)
"""Detectors of detect-secrets that the site has switched off."""

FLAKE8_ON = (
    *("C901", "E101", "E711", "E712", "E713", "E714", "E721", "E722", "E731", "E741", "E742", "E743"),
    *("E901", "E902", "E999", "F402", "F403", "F404", "F405", "F811", "F821", "F822", "F823", "F831", "F901", "W605"),
)
"""Codes of Flake8 that the site has switched on."""


class ScanError(Exception):
    """The archive cannot be scanned; the text says why."""


def main(arguments: list[str]) -> int:
    """Scan one archive and print what is found: 0 if nothing is, 1 if something is, 2 if it cannot be scanned."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        findings = scan(Path(arguments[0]))
    except (ScanError, OSError, zipfile.BadZipFile) as error:
        print(f"{arguments[0]} was not scanned: {error}", file=sys.stderr)
        return 2
    for finding in findings:
        print(finding)
    tools = ", ".join(TOOLS).replace("_", "-")
    print(f"{tools}: {len(findings) or 'no'} finding{'' if len(findings) == 1 else 's'}")
    return 1 if findings else 0


def scan(archive: Path) -> list[str]:
    """Return what the tools find in an archive, a line each.

    Args:
        archive: A zip file as QGIS installs it.

    Raises:
        ScanError: A tool is missing or fails.
    """
    with tempfile.TemporaryDirectory(prefix="aerialseg-scan-") as folder, zipfile.ZipFile(archive) as plugin:
        plugin.extractall(folder)
        running = [start(*command, folder=folder) for command in commands()]
        reports = [read_output(process) for process in running]
    found = [*read_bandit(reports[0]), *read_secrets(reports[1]), *reports[2].splitlines()]
    return sorted(line.removeprefix("./") for line in found)


def commands() -> Iterator[tuple[str, ...]]:
    """Yield the command of each of `TOOLS`, for a folder that is the current one."""
    yield "bandit", "-r", ".", "-f", "json", "--quiet", "--skip", ",".join(BANDIT_OFF)
    off = (word for name in SECRETS_OFF for word in ("--disable-plugin", name))
    yield "detect_secrets", "scan", "--all-files", "--exclude-files", r"metadata\.txt", *off, "."
    yield "flake8", "--isolated", "--max-line-length=120", "--select", ",".join(FLAKE8_ON), "."


def start(tool: str, *arguments: str, folder: str) -> subprocess.Popen[str]:
    """Start a tool that is installed beside this Python."""
    command = [sys.executable, "-m", tool, *arguments]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_output(process: subprocess.Popen[str]) -> str:
    """Wait for a tool and return what it printed.

    Raises:
        ScanError: It is missing, or ended otherwise than with or without findings.
    """
    output, errors = process.communicate()
    tool = process.args[2]
    if f"No module named {tool}" in errors:
        raise ScanError(f"{tool} is not installed: {sys.executable} -m pip install {' '.join(TOOLS).replace('_', '-')}")
    if process.returncode not in (0, 1):
        raise ScanError(f"{tool} ended with code {process.returncode}: {errors.strip()}")
    return output


def read_bandit(report: str) -> Iterator[str]:
    """Yield the findings in a report of Bandit, and the files that it could not read."""
    content = json.loads(report)
    for found in content["results"]:
        yield f"{found['filename']}:{found['line_number']}: {found['test_id']} {found['issue_text']}"
    for failed in content["errors"]:
        yield f"{failed['filename']}: Bandit cannot read it: {failed['reason']}"


def read_secrets(report: str) -> Iterator[str]:
    """Yield the findings in a report of detect-secrets."""
    for name, secrets in json.loads(report)["results"].items():
        yield from (f"{name}:{secret['line_number']}: {secret['type']}" for secret in secrets)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
