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
from ..files.outputs import (
    PARTS,
    is_named,
    list_files,
    make_temporary_path,
    raise_output_errors,
    refuse_others,
)
from ..files.uploads import (
    ObjectAddress,
    StoredObject,
    abort_uploads,
    check_store,
    delete_stored,
    find_stored,
    list_stored,
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

    def is_there(self, path: Path) -> bool:
        """Tell whether the object of a file is in the store, or any object of a folder.

        Raises:
            OutputError: The store does not answer.
        """
        address = self.find_address(path)
        return address is not None and (find_stored(address) is not None or any(True for _ in list_stored(address)))

    def check(
        self, paths: Iterable[Path], *, overwrite: bool, inputs: Iterable[str | Path], folder: Path | None = None
    ) -> None:
        """Refuse, before anything is computed, to replace objects.

        Args:
            paths: Files that become objects; of others nothing is said.
            overwrite: Whether objects may be replaced.
            inputs: What the run reads.
            folder: Which of them is a folder of polygons; what else is in it is never removed.

        Raises:
            OutputError: An object is there and may not be replaced, or is an input; or the store does not answer.
        """
        inside = self.find_address(folder) if folder else None
        read = {re.sub(r"^/vsi(s3|gs|az)/", r"\1://", str(one)) for one in inputs}
        for address in filter(None, map(self.find_address, paths)):
            if str(address) in read:
                raise OutputError(
                    "output-is-input",
                    "The output {path} is also the input.",
                    "Choose another name for the output.",
                    path=address,
                )
            names = [one.key.rpartition("/")[2] for one in list_stored(address)] if address == inside else []
            refuse_others(address, names, PARTS)
            if not overwrite and (names or find_stored(address)):
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
        known = filter(None, map(self.find_address, paths))
        with lease(next(known), "segment"):
            self.remove_uploads(paths, reporter)
            yield

    def remove_uploads(self, paths: Iterable[Path], reporter: Reporter) -> None:
        """Remove what uploads that were killed have left.

        Args:
            paths: Files and folders that become objects, which nobody else is writing; of others nothing is done.
            reporter: Is told.
        """
        found = 0
        for address in filter(None, (self.find_address(one) for path in paths for one in _list_parts(path))):
            try:
                found += abort_uploads(address)
            except OSError as error:
                said = "Nobody knows whether parts of {address} were uploaded before: {error}."
                reporter.message(Sentence("upload-parts-unknown", said, address=address, error=error))
                break
        if found:
            said = "removed the parts of {count} uploads that were never finished"
            reporter.message(Sentence("upload-parts-removed", said, count=found))

    def upload(self, made: Path, target: Path, reporter: Reporter) -> dict[Path, StoredObject]:
        """Upload a finished file, after the sidecar of a raster and the side files of a Shapefile, or a folder.

        What an earlier run has left of a folder goes first: readers may miss parts of it for a while, but never see
        those of two runs.

        Args:
            made: The file, or folder of files.
            target: Its place in this folder.
            reporter: May cancel.

        Returns:
            The objects by their places in this folder.

        Raises:
            OutputError, Cancelled: As `upload_file`.
        """
        if made.is_dir():
            pairs = [(file, target / file.name) for file in sorted(made.iterdir())]
            earlier = self.find_address(target)
            for one in list_stored(earlier) if earlier else ():
                if is_named(one.key.rpartition("/")[2], PARTS):
                    delete_stored(one)
        else:
            main, *sides = zip(_list_parts(made), _list_parts(target), strict=True)
            pairs = [*sides, main]
        stored = {}
        for file, place in pairs:
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
