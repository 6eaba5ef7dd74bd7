"""A server of S3 for tests, in a process of its own: moto, which can be told to fail.

As a program: serves a bucket called `box`, and refuses or holds requests as it was told.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("moto", reason="a server of S3 needs the extra dev")
pytest.importorskip("obstore", reason="an object store needs the extra cloud")
boto3 = pytest.importorskip("boto3")

BUCKET = "box"


@dataclass(frozen=True)
class Bucket:
    """A bucket of a running server."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def variables(self) -> dict[str, str]:
        """What a user has in the environment for it: the variables of GDAL."""
        return {
            "AWS_S3_ENDPOINT": f"127.0.0.1:{self.port}",
            "AWS_HTTPS": "NO",
            "AWS_VIRTUAL_HOSTING": "FALSE",
            "AWS_ACCESS_KEY_ID": "me",
            "AWS_SECRET_ACCESS_KEY": "S3CR3T",
            "GDAL_HTTP_MAX_RETRY": "2",
            "GDAL_HTTP_RETRY_DELAY": "0.02",
        }

    @property
    def client(self) -> Any:
        """A client of Amazon's."""
        address = f"http://127.0.0.1:{self.port}"
        return boto3.client("s3", "us-east-1", endpoint_url=address, aws_access_key_id="me", aws_secret_access_key="k")

    @property
    def requests(self) -> list[str]:
        """Method, path, parameters and status of what it was asked."""
        return self.log.read_text("utf-8").splitlines()

    @property
    def uploads(self) -> list[str]:
        """Keys of uploads that are not finished."""
        return [one["Key"] for one in self.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])]

    def read(self) -> dict[str, bytes]:
        """Read all objects by their keys."""
        client = self.client
        keys = [one["Key"] for one in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
        return {key: client.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}

    def empty(self) -> None:
        """Remove all objects, uploads and requests, and work again."""
        self.fail()
        client = self.client
        for one in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
            client.delete_object(Bucket=BUCKET, Key=one["Key"])
        for one in client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
            client.abort_multipart_upload(Bucket=BUCKET, Key=one["Key"], UploadId=one["UploadId"])
        self.log.write_text("", "utf-8")

    def fail(self, **how: str) -> None:
        """Fail from now on.

        Args:
            **how: Parts of requests: `busy` and `forbid` get a 503 and a 403, `hold` no answer until nothing fails any
                more, and of `empty` the body is lost.
        """
        self._tell(json.dumps(how))

    def wait(self) -> str:
        """Wait until a request is held; what it is."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def _tell(self, line: str) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "heard\n"


@contextmanager
def serve_bucket(log: Path) -> Iterator[Bucket]:
    """Serve an empty bucket.

    Args:
        log: Where requests are written.
    """
    log.write_text("", "utf-8")
    command = [sys.executable, __file__, str(log)]
    small = {**os.environ, "S3_UPLOAD_PART_MIN_SIZE": "1000"}  # Amazon's is 5 MiB
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=small) as process:
        try:
            assert process.stdout
            bucket = Bucket(process, int(process.stdout.readline()), log)
            bucket.client.create_bucket(Bucket=BUCKET)
            yield bucket
        finally:
            process.kill()


class _Gate:
    """Lets requests through to moto, or does not."""

    def __init__(self, application: Callable[..., Iterable[bytes]], log: Path) -> None:
        self._application, self._log = application, log
        self.how: dict[str, str] = {}
        self.released = threading.Event()

    def __call__(self, environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        request = f"{environment['REQUEST_METHOD']} {environment['PATH_INFO']}?{environment['QUERY_STRING']}"
        if self.how.get("hold", "\n") in request:
            print(f"held {request}", flush=True)
            self.released.wait()
        for failure, status in (("busy", "503 Service Unavailable"), ("forbid", "403 Forbidden")):
            if self.how.get(failure, "\n") in request:
                self._write(f"{request} {status[:3]}")
                start(status, [("Content-Length", "0")])
                return []

        if self.how.get("empty", "\n") in request:
            environment |= {"CONTENT_LENGTH": "1", "wsgi.input": io.BytesIO(b" ")}

        def note(status: str, *rest: Any) -> Any:
            self._write(f"{request} {status[:3]}")
            return start(status, *rest)

        return self._application(environment, note)

    def _write(self, line: str) -> None:
        with self._log.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def _main() -> None:
    import logging

    from moto.server import create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").disabled = True
    gate = _Gate(create_backend_app("s3"), Path(sys.argv[1]))
    server = make_server("127.0.0.1", 0, gate, threaded=True)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        gate.how = json.loads(line)
        if not gate.how:
            gate.released.set()
            gate.released = threading.Event()
        print("heard", flush=True)


if __name__ == "__main__":
    _main()
