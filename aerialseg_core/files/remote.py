"""Lists on servers: texts that are read whole over the web or from an object store, and what lies in a store's folder.

What goes wrong is about what is given, so it is a `DataError` as with files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin

from ..errors import DataError, DependencyError, OutputError, ParameterError, find_cause
from ..redaction import redact
from .texts import LARGEST, decode_text
from .uploads import ObjectAddress, find_stored, is_in_store, list_stored, read_stored
from .web import ask_web

_WEB = re.compile(r"(?i)https?://")


def is_readable(address: str) -> bool:
    """Tell whether a text can be read from an address: https://, http://, s3://, gs:// or az://."""
    return _WEB.match(address) is not None or is_in_store(address)


def read_remote_text(address: str) -> str:
    """Read a text from a server, of the size and encodings of `read_text`.

    Args:
        address: As `is_readable` says.

    Raises:
        DataError: It is not there, too large, no text, or the server does not answer.
        DependencyError: It is in an object store, and obstore is not installed.
    """
    shown = redact(address)
    content = _read_object(address) if is_in_store(address) else _read_page(address)
    if len(content) > LARGEST:
        _refuse_large(shown)
    return decode_text(content, shown)


def list_folder(address: str) -> Iterator[tuple[str, str]]:
    """List what lies in a folder of an object store, and below it.

    Args:
        address: As in s3://BUCKET/FOLDER/.

    Yields:
        The name of each object in the folder, with `/` in it for those below it, and its address; by name.

    Raises:
        DataError: The store does not answer, or refuses.
        DependencyError: obstore is not installed.
    """
    with _raise_data_errors():
        folder = ObjectAddress.parse(address)
        found = [(one.key[len(folder.key) :].lstrip("/"), str(one)) for one in list_stored(folder)]
    yield from sorted(found, key=lambda one: one[0].split("/"))


def resolve_remote(address: str, name: str) -> str:
    """Resolve a name in a list on a server, which is relative to its address; nothing of its query is taken over.

    Args:
        address: The address of the list.
        name: A relative path, or an address.
    """
    scheme, _, rest = address.partition("://")
    joined = urljoin(f"https://{rest}", name)  # which knows no s3://
    return f"{scheme}://{joined.removeprefix('https://')}" if joined.startswith("https://") else joined


def _read_object(address: str) -> bytes:
    with _raise_data_errors():
        place = ObjectAddress.parse(address)
        found = find_stored(place)
        if found and found.size > LARGEST:
            _refuse_large(str(place))
        content = read_stored(place) if found else None
    if content is None:
        raise DataError("remote-list-missing", "There is no {address}.", "Check the address.", address=place)
    return content


def _read_page(address: str) -> bytes:
    import http.client  # takes its time, and files on a disk need none of it

    shown = redact(address)
    try:
        return ask_web(address, lambda answer: bytes(answer.read(LARGEST + 1)))
    except (OSError, http.client.HTTPException, ValueError) as error:
        cause = f"the server answers {error.code}" if isinstance(error, HTTPError) else find_cause(error)
        raise DataError(
            "remote-list-unreadable",
            "{address} cannot be read: {cause}.",
            "Check the address and the connection.",
            address=shown,
            cause=redact(cause),
        ) from error


def _refuse_large(shown: str) -> None:
    raise DataError(
        "text-too-large",
        "{path} is larger than {most} MB, so it is no text.",
        "Give the text file.",
        path=shown,
        most=LARGEST >> 20,
    )


@contextmanager
def _raise_data_errors() -> Iterator[Any]:
    """Raise what a store says as an error in what is given."""
    try:
        import obstore  # noqa: F401
    except ImportError as error:
        raise DependencyError(
            "input-needs-obstore",
            "To list or read what is in an object store, obstore is needed, which is not installed.",
            'Install it: pip install "aerialseg[cloud]"; or give a list of the rasters on this computer.',
        ) from error
    try:
        yield
    except ParameterError as error:
        raise DataError(
            "remote-address-wrong",
            "This is no address in an object store: {text}.",
            "It would be as s3://bucket/folder/.",
            text=error.sentence.values["text"],
        ) from error
    except OutputError as error:
        hint = "Check the address, the keys in the environment and the connection."
        raise DataError("remote-store-fails", "{cause}", hint, cause=str(error.sentence)) from error
