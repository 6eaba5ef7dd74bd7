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
        **how: `busy`, `cut`: shares of the requests that get a 503 or half an answer; `seed` of their order; `tags`:
            whether an ETag and a date are sent; `dead`: a part of a path that always gets a 503.
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
        path = self.folder / self.path.split("?")[0].lstrip("/")
        luck, busy, cut = self.chance.random(), self.how.get("busy", 0.0), self.how.get("cut", 0.0)
        dead = self.how.get("dead")
        if luck < busy or (dead and dead in self.path):
            status = 503
        elif not path.is_file() or len(self.log.read_bytes().splitlines()) > MOST_REQUESTS:
            status = 404
        else:
            status = 206 if "Range" in self.headers else 200
        with self.log.open("a", encoding="utf-8") as file:
            file.write(f"{self.command} {self.path} {self.headers.get('Range', '-')} {status}\n")
        if status >= 400:
            self.send_error(status)
        else:
            self.answer(path, status, half=luck < busy + cut)

    def answer(self, path: Path, status: int, *, half: bool) -> None:
        data = path.read_bytes()
        asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first, last = (int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)) if asked else (0, len(data) - 1)
        body = data[first : last + 1]
        self.send_response(status)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        if self.how.get("tags", True):
            self.send_header("ETag", f'"{zlib.crc32(data):x}"')
            self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body[: len(body) // 2] if half else body)


def _main() -> None:
    _Handler.folder, _Handler.log, _Handler.how = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    _Handler.chance = random.Random(_Handler.how.get("seed", 0))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    _main()
