"""Scratch: where a run works whose results go to an object store, and how they get there.

A file lies there where its object will be, SCHEME/BUCKET/KEY, so blocks, locks and results are what they are on a disk.
What is finished is uploaded, and goes. The folder is found again by what is written: a run that was killed continues.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ..config import SegmentConfig
from ..errors import OutputError, ParameterError
from ..files.cache import cache_folder
from ..files.leases import lease
from ..files.outputs import list_files, make_temporary_path, raise_output_errors
from ..files.uploads import (
    ObjectAddress,
    StoredObject,
    abort_uploads,
    check_store,
    find_stored,
    read_stored,
    upload_file,
)
from ..progress import Reporter
from ..raster.class_raster import name_sidecar
from ..sentences import Sentence

VARIABLE = "AERIALSEG_SCRATCH"
"""Variable of the environment that names the folder of all scratch folders."""

_WORTH_A_LINE = 1_000_000


@dataclass(frozen=True)
class Scratch:
    """A scratch folder. It can be sent to another process on the same disk."""

    folder: Path

    @classmethod
    def make(cls, address: ObjectAddress) -> Scratch:
        """Name the scratch folder of what is written to an address, and see that it can be written there.

        Raises:
            OutputError: As `check_store`; or the folder cannot be made.
        """
        check_store(address)
        base = Path(os.environ.get(VARIABLE) or cache_folder() / "scratch")
        return cls(base.absolute() / hashlib.sha256(str(address).encode()).hexdigest()[:16])

    def mirror(self, address: ObjectAddress) -> Path:
        """Name the file that becomes an object; its folder is made.

        Raises:
            OutputError: The folder cannot be made.
        """
        path = self.folder.joinpath(address.scheme, address.bucket, *address.key.split("/"))
        with raise_output_errors(self.folder):
            path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def find_address(self, path: Path) -> ObjectAddress | None:
        """Find the object that a file becomes; None if it lies elsewhere, and stays a file."""
        if not path.is_relative_to(self.folder):
            return None
        scheme, bucket, *key = path.relative_to(self.folder).parts
        return ObjectAddress(scheme, bucket, "/".join(key))

    def show(self, path: Path) -> str:
        """Give the address of what becomes an object, and the path of what stays a file."""
        return str(self.find_address(path) or path)

    def check(self, paths: Iterable[Path], *, overwrite: bool, inputs: Iterable[str | Path]) -> None:
        """Refuse, before anything is computed, to replace objects.

        Args:
            paths: Files that become objects; of others nothing is said.
            overwrite: Whether objects may be replaced.
            inputs: What the run reads.

        Raises:
            OutputError: An object is there and may not be replaced, or is an input; or the store does not answer.
        """
        read = {re.sub(r"^/vsi(s3|gs|az)/", r"\1://", str(one)) for one in inputs}
        for address in filter(None, map(self.find_address, paths)):
            if str(address) in read:
                raise OutputError(
                    "output-is-input",
                    "The output {path} is also the input.",
                    "Choose another name for the output.",
                    path=address,
                )
            if not overwrite and find_stored(address):
                raise OutputError(
                    "output-exists",
                    "The output {path} exists already.",
                    "Choose another name, or allow it with --overwrite.",
                    path=address,
                )

    @contextmanager
    def lease(self, paths: Sequence[Path], reporter: Reporter) -> Iterator[None]:
        """Keep other machines from writing the same, and remove what uploads that were killed have left.

        Args:
            paths: Files that become objects; of others nothing is done.
            reporter: Is told.

        Raises:
            OutputError: Another run is writing the first of them, or the store does not answer.
        """
        addresses = [self.find_address(one) for path in paths for one in _list_parts(path)]
        known = list(filter(None, addresses))
        with lease(known[0], "segment"):
            found = 0
            for address in known:
                try:
                    found += abort_uploads(address)
                except OSError as error:
                    said = "Nobody knows whether parts of {address} were uploaded before: {error}."
                    reporter.message(Sentence("upload-parts-unknown", said, address=address, error=error))
                    break
            if found:
                said = "removed the parts of {count} uploads that were never finished"
                reporter.message(Sentence("upload-parts-removed", said, count=found))
            yield

    def upload(self, made: Path, target: Path, reporter: Reporter) -> dict[Path, StoredObject]:
        """Upload a finished file, after the sidecar of a raster and the side files of a Shapefile.

        Args:
            made: The file.
            target: Its place in this folder.
            reporter: May cancel.

        Returns:
            The objects by their places in this folder.

        Raises:
            OutputError, Cancelled: As `upload_file`.
        """
        main, *sides = zip(_list_parts(made), _list_parts(target), strict=True)
        stored = {}
        for file, place in (*sides, main):
            address = self.find_address(place)
            if address and file.exists():
                if file.stat().st_size > _WORTH_A_LINE:
                    size = file.stat().st_size / 1e6
                    reporter.message(
                        Sentence("plan-upload", "upload   {address}, {size:.1f} MB", address=address, size=size)
                    )
                stored[place] = upload_file(file, address, reporter.check)
        return stored

    def fetch(self, path: Path) -> None:
        """Fetch the small object of a file that is not there, if there is one in the store.

        Raises:
            OutputError: The store does not answer, or the disk is full.
        """
        address = self.find_address(path)
        content = read_stored(address) if address and not path.exists() else None
        if content is not None:
            temporary = make_temporary_path(path)
            with raise_output_errors(path):
                temporary.write_bytes(content)
                os.replace(temporary, path)

    def remove(self) -> None:
        """Remove the folder if nothing is left in it with which a later run could continue."""
        for folder, _, _ in os.walk(self.folder, topdown=False):
            with suppress(OSError):
                os.rmdir(folder)


def _list_parts(path: Path) -> list[Path]:
    """List a file and all that may lie beside it as a part of it."""
    return [*list_files(path), name_sidecar(path)]


def refuse_apart(task: str, config: SegmentConfig, *, shares: bool = False) -> None:
    """Refuse that several machines work on what goes to a store while they share no scratch folder.

    Args:
        task: How it is asked for.
        config: What tells of a cluster.
        shares: Whether it is a share of the blocks of a scene.

    Raises:
        ParameterError: They do not.
    """
    apart = shares or (config.cluster is not None and not config.cluster.startswith("local:"))
    if apart and not os.environ.get(VARIABLE):
        raise ParameterError(
            "store-needs-folder",
            "With {task} and results in an object store, the blocks need a folder that all machines see.",
            "Name it in {variable}, or cut the scenes into sheets for batch --shard, which needs none.",
            task=task,
            variable=VARIABLE,
        )
