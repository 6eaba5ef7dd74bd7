"""Uploads: finished files become objects in S3, in what speaks like it, or in the stores of Google and Azure.

An object appears whole or not at all: what is larger than one request is sent in parts, of which the last request makes
the object. Parts that a process left when it was killed cost money and are seen by nobody, so the next run removes
them. S3 is found by the variables of GDAL, so that reading and writing need one set of them.
"""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from ..errors import DependencyError, OutputError, ParameterError, find_cause
from ..progress import Check, check_nothing
from .object_store import find_object, sign_request
from .xml_elements import XmlError, read_root

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_PART = "8"  # MB, as GDAL counts them; what is not larger is sent in one request
_MOST_PARTS = 9_000  # S3 takes 10 000
_AT_A_TIME = 4
_ADDRESS = re.compile(r"(s3|gs|az):/{1,2}([^/]*)/?(.*)", re.DOTALL)
_NO = {"NO", "FALSE", "OFF", "0", ""}
_UNSIGNED = {"s3": "AWS_NO_SIGN_REQUEST", "gs": "GS_NO_SIGN_REQUEST", "az": "AZURE_NO_SIGN_REQUEST"}
_AZURE = {
    "AccountName": "account_name",
    "AccountKey": "account_key",  # pragma: allowlist secret
    "BlobEndpoint": "endpoint",
    "SharedAccessSignature": "sas_token",
}
"""Parts of a connection string."""
_STATUS = re.compile(r"status code: (\d{3}[\w ]*)")
_CAUSE = re.compile(r"retry_timeout: \S+ +- (?:HTTP error: )?(.*?)(?: for url|$)", re.MULTILINE)


@dataclass(frozen=True)
class ObjectAddress:
    """The address of an object, or of all objects whose keys begin alike."""

    scheme: str
    """s3, gs or az."""
    bucket: str
    """The bucket, or container."""
    key: str
    """Its name in the bucket; parts of it with `/` between them, as in a path."""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.bucket}/{self.key}"

    def join(self, name: str) -> ObjectAddress:
        """Name an object below this one, as in a folder."""
        return ObjectAddress(self.scheme, self.bucket, f"{self.key}/{name}".lstrip("/"))

    @classmethod
    def parse(cls, text: str | Path) -> ObjectAddress:
        """Read an address such as s3://BUCKET/KEY; a path that was made of one is taken too.

        Raises:
            ParameterError: It is none, or one with a user or parameters.
        """
        found = _ADDRESS.fullmatch(Path(text).as_posix() if isinstance(text, Path) else text.rstrip("/"))
        parts = found[3].split("/") if found and found[3] else []
        if (
            not found
            or not found[2]
            or re.search("[@?#{}\\\\\0-\x1f]|[\ud800-\udfff]", str(text))
            or {"", ".", ".."} & {*parts}
        ):
            raise ParameterError(
                "upload-address",
                "{text} is no address for results: it would be as s3://bucket/maps/a.tif.",
                "Keys belong into the environment, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
                text=text,
            )
        return cls(found[1], found[2], found[3])


@dataclass(frozen=True)
class StoredObject:
    """What a store tells of an object."""

    size: int
    """Its bytes."""
    etag: str
    """What changes with its content; empty where the store gives none."""
    written: datetime = field(compare=False)
    """When it was written, by the clock of the store."""


def is_in_store(path: str | Path) -> bool:
    """Tell whether an output is an object in a store, and no file."""
    return _ADDRESS.fullmatch(Path(path).as_posix()) is not None


def require_store() -> None:
    """Refuse, before anything is computed, outputs in a store for which the package is missing.

    Raises:
        DependencyError: obstore is not installed.
    """
    try:
        import obstore  # noqa: F401
    except ImportError as error:
        raise DependencyError(
            "needs-obstore",
            "Results in an object store need obstore, which is not installed.",
            'Install it: pip install "aerialseg[cloud]"; or give a file on a disk.',
        ) from error


def find_stored(address: ObjectAddress) -> StoredObject | None:
    """Find what a store tells of an object; None if there is none.

    Raises:
        OutputError: The store does not answer, or refuses.
    """
    import obstore

    with _raise_store_errors(address, "looked for"):
        try:
            found = obstore.head(_open_bucket(address), address.key)
        except FileNotFoundError:
            return None
    return StoredObject(found["size"], found["e_tag"] or "", found["last_modified"])


def list_stored(address: ObjectAddress) -> Iterator[ObjectAddress]:
    """List the objects below an address, as if it were a folder.

    Raises:
        OutputError: The store does not answer, or refuses.
    """
    import obstore

    with _raise_store_errors(address, "listed"):
        for page in obstore.list(_open_bucket(address), prefix=address.key or None):
            for one in page:
                yield ObjectAddress(address.scheme, address.bucket, one["path"])


def read_stored(address: ObjectAddress) -> bytes | None:
    """Read a small object; None if there is none.

    Raises:
        OutputError: The store does not answer, or refuses.
    """
    import obstore

    with _raise_store_errors(address, "read"):
        try:
            return bytes(obstore.get(_open_bucket(address), address.key).bytes())
        except FileNotFoundError:
            return None


def write_stored(
    address: ObjectAddress, content: bytes, *, instead_of: StoredObject | Literal["any"] | None = "any"
) -> bool:
    """Write a small object.

    Args:
        address: Where.
        content: What.
        instead_of: Which one it may replace; None: none at all. Not every store can tell, and then any is replaced.

    Returns:
        Whether it was written: there may be another one meanwhile.

    Raises:
        OutputError: The store does not answer, or refuses.
    """
    import obstore
    from obstore.exceptions import AlreadyExistsError, NotSupportedError, PreconditionError

    mode: Any = "overwrite" if instead_of == "any" else "create" if instead_of is None else {"e_tag": instead_of.etag}
    with _raise_store_errors(address, "written"):
        try:
            obstore.put(_open_bucket(address), address.key, content, mode=mode)
        except (AlreadyExistsError, PreconditionError):
            return False
        except NotSupportedError:
            obstore.put(_open_bucket(address), address.key, content)
    return True


def delete_stored(address: ObjectAddress) -> None:
    """Delete an object.

    Raises:
        OutputError: The store does not answer, or refuses.
    """
    import obstore

    with _raise_store_errors(address, "deleted"):
        obstore.delete(_open_bucket(address), address.key)


def check_store(address: ObjectAddress) -> None:
    """Refuse, before anything is computed, an address to which nothing can be written.

    An upload is begun and given up, which leaves nothing.

    Raises:
        OutputError: There is no such bucket, the keys are missing or do not suffice, or the store does not answer.
        DependencyError: As `require_store`.
    """
    require_store()
    import obstore

    def give_up() -> Iterator[bytes]:
        raise _GivenUp
        yield b""

    with _raise_store_errors(address, "written"), suppress(_GivenUp):
        obstore.put(_open_bucket(address), address.key, give_up(), use_multipart=True)


class _GivenUp(Exception):  # noqa: N818 - no mistake
    """An upload was only tried."""


def upload_file(path: Path, address: ObjectAddress, check: Check = check_nothing) -> StoredObject:
    """Upload a file, in place of an earlier object, and see that the store has all of it.

    Args:
        path: The file.
        address: Where it will be.
        check: May cancel; nothing is left then.

    Raises:
        OutputError: The store does not answer or refuses, or the object is another one afterwards.
        Cancelled: By `check`.
    """
    import obstore

    size = path.stat().st_size
    part = max(int(float(os.environ.get("VSIS3_CHUNK_SIZE", _PART)) * (1 << 20)), -(-size // _MOST_PARTS))
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    bucket = _open_bucket(address)

    def read() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(part):
                check()
                yield piece

    def put() -> Any:
        options: dict[str, Any] = {"attributes": {"Content-Type": kind}, "max_concurrency": _AT_A_TIME}
        if size <= part:
            return obstore.put(bucket, address.key, path.read_bytes(), use_multipart=False, **options)
        return obstore.put(bucket, address.key, read(), use_multipart=True, chunk_size=part, **options)

    with _raise_store_errors(address, "written"), ThreadPoolExecutor(1) as pool:
        made = pool.submit(put)
        while True:  # in this thread Python hears of signals, by which a run is cancelled
            try:
                etag = made.result(timeout=0.5)["e_tag"] or ""
                break
            except NotYet:
                if made.done():
                    raise
    found = find_stored(address)
    if found is None or found.size != size or found.etag != etag:
        raise OutputError(
            "upload-differs",
            "{address} is not what was uploaded: another process may have written it.",
            "See to it, and run it again.",
            address=address,
        )
    return found


def abort_uploads(address: ObjectAddress) -> int:
    """Remove the parts of uploads of an object that were never finished; in S3, with keys in the environment.

    Azure forgets such parts after a week by itself.

    Args:
        address: The object, or the folder of objects, which nobody else is writing.

    Returns:
        How many uploads there were.

    Raises:
        OSError: The store does not answer, or refuses.
    """
    if address.scheme != "s3" or not os.environ.get("AWS_ACCESS_KEY_ID"):
        return 0
    base = (find_object(f"s3://{address.bucket}/-") or "")[:-1]
    count = 0
    with _request(f"{base}?prefix={quote(address.key, safe='')}&uploads=") as answer:
        try:
            uploads = [{child.tag.rpartition("}")[2]: child.text or "" for child in one} for one in read_root(answer)]
        except XmlError as error:
            raise OSError(f"the answer cannot be understood: {error}") from error
    for upload in uploads:
        key = upload.get("Key", "")
        if (key == address.key or key.startswith(f"{address.key}/")) and "UploadId" in upload:
            place = f"{base}{quote(key, safe='/~')}?uploadId={quote(upload['UploadId'], safe='')}"
            _request(place, "DELETE").close()
            count += 1
    return count


def _request(address: str, method: str = "GET") -> Any:
    import urllib.request  # takes its time, and results on a disk need none of it

    signed = sign_request(address, {}, method=method)
    request = urllib.request.Request(address, headers={**signed, "User-Agent": "aerialseg"}, method=method)
    return urllib.request.urlopen(request, timeout=30)  # nosec B310 - http or https, by `find_object`


def _open_bucket(address: ObjectAddress) -> ObjectStore:
    """Open a bucket by what the environment says of it."""
    prefixes = ("AWS_", "AZURE_", "CPL_GS_", "GDAL_HTTP_", "GOOGLE_", "GS_")
    variables = tuple((name, value) for name, value in os.environ.items() if name.startswith(prefixes))
    return _connect(address.scheme, address.bucket, variables)


@cache
def _connect(scheme: str, bucket: str, variables: tuple[tuple[str, str], ...]) -> ObjectStore:
    """Open a bucket by variables, once: connections are kept."""
    from obstore.store import from_url

    given, retry, config = dict(variables), dict[str, Any](), dict[str, Any]()
    client: dict[str, Any] = {
        "timeout": f"{given.get('GDAL_HTTP_TIMEOUT', '300')}s",
        "connect_timeout": f"{given.get('GDAL_HTTP_CONNECTTIMEOUT', '15')}s",
    }
    if "GDAL_HTTP_MAX_RETRY" in given:
        retry["max_retries"] = int(given["GDAL_HTTP_MAX_RETRY"])
    if "GDAL_HTTP_RETRY_DELAY" in given:
        retry["backoff"] = {"init_backoff": timedelta(seconds=float(given["GDAL_HTTP_RETRY_DELAY"]))}
    config |= {"s3": _read_amazon, "gs": _read_google, "az": _read_azure}[scheme](bucket, given)
    if str(config.get("endpoint", config.get("base_url"))).startswith("http:"):
        client["allow_http"] = True
    if given.get(_UNSIGNED[scheme], "NO").upper() not in _NO:
        config["skip_signature"] = True
    config |= {"client_options": client, "retry_config": retry}
    return from_url(f"{scheme}://{bucket}", **config)


def _read_amazon(bucket: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Read what GDAL's variables say of a bucket of S3, or of what speaks like it."""
    if "AWS_S3_ENDPOINT" not in given:
        return {}
    base = (find_object(f"s3://{bucket}/-") or "")[:-2]
    endpoint = base.removesuffix(f"/{bucket}")
    return {"endpoint": endpoint, "virtual_hosted_style_request": base == endpoint}


def _read_google(_bucket: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Read what GDAL's variables say of a bucket of Google's."""
    return {"base_url": given["CPL_GS_ENDPOINT"].rstrip("/")} if "CPL_GS_ENDPOINT" in given else {}


def _read_azure(_bucket: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Read what GDAL's variables say of a container of Azure's."""
    parts = (part.partition("=") for part in given.get("AZURE_STORAGE_CONNECTION_STRING", "").split(";"))
    told = {_AZURE[name.strip()]: value.strip() for name, _, value in parts if name.strip() in _AZURE}
    if "AZURE_STORAGE_ACCOUNT" in given:
        told.setdefault("account_name", given["AZURE_STORAGE_ACCOUNT"])
    return told


@contextmanager
def _raise_store_errors(address: ObjectAddress, done: str) -> Iterator[None]:
    """Raise what a store says as one sentence with its remedy."""
    from obstore import exceptions

    try:
        yield
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
        raise OutputError(
            "upload-refused",
            "{address} could not be {done}: the store refuses.",
            "Check the keys in the environment and what they allow, and the region (AWS_REGION).",
            address=address,
            done=done,
        ) from error
    except FileNotFoundError as error:
        raise OutputError(
            "upload-no-bucket",
            "There is no bucket for {address}.",
            "Create it, or correct the address.",
            address=address,
        ) from error
    except exceptions.BaseError as error:
        found, told = _STATUS.search(str(error)), _CAUSE.search(str(error))
        cause = f"the server answers {found[1].strip()}" if found else told[1] if told else find_cause(error)
        raise OutputError(
            "upload-failed",
            "{address} could not be {done}: {cause}.",
            "What is computed is kept: give the same command again.",
            address=address,
            done=done,
            cause=cause,
        ) from error
