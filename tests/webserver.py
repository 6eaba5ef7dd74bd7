"""A web server for tests, in a process of its own: GDAL waits for answers while it holds Python's lock.

As a program: serves the files of a folder by ranges, and fails now and then as it was told.
"""

from __future__ import annotations

import http.server
import json
import random
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_REQUESTS = 3000
"""After so many it says 410 only: a client that never gives up does not run for ever."""


@dataclass(frozen=True)
class Site:
    """A running server."""

    port: int
    log: Path

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[str]:
        """Method, path, Range and status of what it was asked."""
        return self.log.read_text("utf-8").splitlines()


@contextmanager
def serve(folder: Path, log: Path, **how: Any) -> Iterator[Site]:
    """Serve a folder.

    Args:
        folder: Its files.
        log: Where requests are written.
        **how: Shares of the requests that fail, in an order told by `seed`: `busy` get a 503, `cut` half the body,
            `stall` half of it and then nothing more, `short` less than was asked for with all headers right.
            `tags`: whether an ETag and a date are sent. `refuse`: parts of paths, and the status that they always get.
            `ranges`: whether ranges are heard of. `change`: after so many requests each file is what FILE.new holds;
            `end`: after so many all get a 503.
            `key`: what the header X-Key must say. A path below /moved/ is sent on to the same path without it.
    """
    log.write_text("", "utf-8")
    command = [sys.executable, __file__, str(folder), str(log), json.dumps(how)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield Site(int(process.stdout.readline()), log)
        finally:
            process.kill()


class _Handler(http.server.BaseHTTPRequestHandler):
    folder: Path
    log: Path
    how: dict[str, Any]
    chance: random.Random

    def log_message(self, *arguments: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.folder / re.sub(r"^http://[^/]*", "", self.path.split("?")[0]).lstrip("/")
        asked = len(self.log.read_bytes().splitlines())
        if asked >= self.how.get("change", MOST_REQUESTS) and path.with_name(f"{path.name}.new").is_file():
            path = path.with_name(f"{path.name}.new")
        status = next((code for part, code in self.how.get("refuse", {}).items() if part in self.path), 0)
        if self.headers.get("X-Key") != self.how.get("key"):
            status = 401
        failure = self.choose_failure()
        ranged = "Range" in self.headers and self.how.get("ranges", True)
        if not status and (failure == "busy" or asked >= self.how.get("end", MOST_REQUESTS)):
            status = 503
        elif not status and self.path.startswith("/moved/"):
            status = 302
        elif not status:
            status = 404 if not path.is_file() or asked > MOST_REQUESTS else 206 if ranged else 200
        with self.log.open("a", encoding="utf-8") as file:
            file.write(f"{self.command} {self.path} {self.headers.get('Range', '-')} {status}\n")
        if status == 302:
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/moved"))
            self.end_headers()
        elif status >= 400:
            self.send_error(status)
        else:
            self.answer(path, status, failure)

    def choose_failure(self) -> str:
        luck = self.chance.random()
        for failure in ("busy", "cut", "stall", "short"):
            luck -= self.how.get(failure, 0.0)
            if luck < 0:
                return failure
        return ""

    def answer(self, path: Path, status: int, failure: str) -> None:
        data = path.read_bytes()
        asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")) if status == 206 else None
        first, last = (int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)) if asked else (0, len(data) - 1)
        if failure == "short" and asked:
            last = first + (last - first) // 2
        body = data[first : last + 1]
        self.send_response(status)
        if status == 206:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
            self.send_header("Accept-Ranges", "bytes")
        if self.how.get("tags", True):
            self.send_header("ETag", f'"{zlib.crc32(data):x}"')
            self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(body[: len(body) // 2] if failure in ("cut", "stall") else body)
        if failure == "stall":
            self.wfile.flush()
            self.connection.recv(1)  # until the client has had enough


def _main() -> None:
    _Handler.folder, _Handler.log, _Handler.how = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    _Handler.chance = random.Random(_Handler.how.get("seed", 0))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    _main()
