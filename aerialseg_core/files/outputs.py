"""Outputs are whole or absent: files and folders are written under a temporary name beside their target and renamed."""

from __future__ import annotations

import errno
import fnmatch
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from os import PathLike
from pathlib import Path

from ..errors import AerialSegError, OutputError, ParameterError
from .locks import lock, make_hidden_path

SIDE_FILES = {".shp": (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".qpj")}
"""Endings of the files that belong to one with this ending; the first one is always among them."""

PARTS = frozenset({"part-*.parquet"})
"""Names of the files in a folder that is one output."""

_FULL = re.compile("no space left|disk is full|disk quota exceeded", re.IGNORECASE)
_DISK_GONE = {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN, errno.ETIMEDOUT, errno.EHOSTDOWN}


def check_geotiff(path: Path) -> None:
    """Refuse a raster whose name promises another format than GeoTIFF.

    Raises:
        ParameterError: Its ending is another one.
    """
    if path.suffix and path.suffix.lower() not in (".tif", ".tiff"):
        raise ParameterError(
            "raster-name",
            "The raster {path} would be a GeoTIFF under the name of another format.",
            "Let its name end in .tif.",
            path=path,
        )


def names_folder(path: str | PathLike[str] | None) -> bool:
    """Tell whether the name of an output is that of a folder of parts: it ends in /."""
    return path is not None and os.fspath(path).endswith(("/", os.sep))


def check_output(path: Path, *, overwrite: bool = False, inputs: tuple[str | Path, ...] = ()) -> None:
    """Refuse an output that could not be put in place at the end, before anything is computed.

    Args:
        path: Where the output will be.
        overwrite: Whether an existing file may be replaced.
        inputs: What the run reads; none of it may be the output.

    Raises:
        OutputError: The folder is missing or read-only, the file exists, or it is one of the inputs.
    """
    folder = path.absolute().parent
    if os.path.isdir(path):
        raise OutputError("output-is-folder", "The output {path} is a folder.", "Give the name of a file.", path=path)
    if any(_is_same_file(one, source) for one in list_files(path) for source in inputs):
        raise OutputError(
            "output-is-input", "The output {path} is also the input.", "Choose another name for the output.", path=path
        )
    if not folder.is_dir():
        raise OutputError(
            "output-folder-missing",
            "The output folder {folder} does not exist.",
            "Create it, or choose another one.",
            folder=folder,
        )
    check_free(path, overwrite=overwrite)
    if path.suffix.lower() == ".gpkg":
        from .geopackage import check_geopackage  # GDAL is not imported for outputs of other kinds

        check_geopackage(path)
    with raise_output_errors(path):
        probe = make_temporary_path(path)
        probe.touch(exist_ok=False)
        probe.unlink()


@contextmanager
def lock_outputs(task: str, *paths: Path) -> Iterator[None]:
    """Keep other runs from writing the same outputs while the block lasts.

    Args:
        task: What this run does, in a word, for the message that others get.
        *paths: Files or folders.

    Raises:
        OutputError: Another run is writing one of them, a folder is missing or read-only, or a name is too long.
    """
    with ExitStack() as stack:
        for path in dict.fromkeys(one.absolute().parent.resolve() / one.name for one in paths):
            _check_length(path)
            with raise_output_errors(path):
                stack.enter_context(lock(path, task))
        yield


@contextmanager
def write_atomically(path: Path, *, overwrite: bool = False, inputs: tuple[str | Path, ...] = ()) -> Iterator[Path]:
    """Write an output under a temporary name that is renamed to `path` when the block ends well.

    Args:
        path: Where the output will be.
        overwrite: Whether an existing file may be replaced.
        inputs: What the run reads; none of it may be the output.

    Yields:
        A path in the same folder with the same suffix; gone after the block, whatever happens.

    Raises:
        OutputError: As `check_output`; or the disk is full or the file cannot be written.
    """
    check_output(path, overwrite=overwrite, inputs=inputs)
    temporary = make_temporary_path(path)
    try:
        with raise_output_errors(path):
            yield temporary
            rename_output(temporary, path, overwrite=overwrite)
    finally:
        for one in list_files(temporary):
            one.unlink(missing_ok=True)


def check_free(path: Path, *, overwrite: bool) -> None:
    """Refuse to replace an output that is there, unless it is allowed.

    Raises:
        OutputError: It is there.
    """
    if not overwrite and (taken := _find_taken(path)):
        raise OutputError(
            "output-exists",
            "The output {path} exists already.",
            "Choose another name, or allow it with --overwrite.",
            path=taken,
        )


def rename_output(temporary: Path, path: Path, *, overwrite: bool) -> None:
    """Rename a whole output, a file or a folder of parts, that is on the disk to the last bit.

    Of several files the main one goes first and comes last, so that side files never meet one that is not theirs. The
    first side file goes last and comes first: where it is, what lies beside it is a part of an output.

    Args:
        temporary: What was written, with its side files.
        path: Where it will be.
        overwrite: Whether what is there is replaced, also if it came only while the output was made.

    Raises:
        OutputError: There is something, and it may not be replaced.
        OSError: It cannot be written.
    """
    check_free(path, overwrite=overwrite)
    if temporary.is_dir():
        check_folder(path, PARTS, overwrite=overwrite)
        _replace_folder(temporary, path)
        return
    if path.suffix.lower() == ".gpkg":
        from .geopackage import keep_other_layers

        keep_other_layers(temporary, path, make_temporary_path(path))
    main, *sides = zip(list_files(temporary), list_files(path), strict=True)
    moves = [*(pair for pair in sides if pair[0].exists()), main]
    for new, _ in moves:
        flush_file(new)
    if sides:
        for old in [*([path] if overwrite else []), *(side for _, side in reversed(sides))]:
            old.unlink(missing_ok=True)
    for new, target in moves:
        _move(new, target, overwrite=overwrite)
    flush_folder(path.absolute().parent)


def flush_file(path: Path) -> None:
    """See that a file is on the disk: its name shall not outlive a power cut that its content does not."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """See that the names in a folder are on the disk, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _move(new: Path, target: Path, *, overwrite: bool) -> None:
    """Rename a file; what came to its place meanwhile stays, unless it may be replaced."""
    if not overwrite:
        try:
            os.link(new, target)  # unlike a rename, it fails where there is something
        except FileExistsError:
            check_free(target, overwrite=False)  # passes where there is but a link to nothing
        except OSError:  # a file system without links
            check_free(target, overwrite=False)
        else:
            new.unlink()
            return
    os.replace(new, target)


def list_files(path: Path) -> list[Path]:
    """List an output and all side files that it may have."""
    endings = SIDE_FILES.get(path.suffix.lower(), ())
    return [path, *(path.with_suffix(ending.upper() if path.suffix.isupper() else ending) for ending in endings)]


def _find_taken(path: Path) -> Path | None:
    """Find the file that an output would replace; None if there is none.

    Side files without their first one are not what is left of an output, but somebody's.
    """
    _, *sides = list_files(path)
    others = [] if sides and sides[0].exists() else sides
    return next((one for one in [path, *others] if one.exists()), None)


def make_temporary_path(path: Path) -> Path:
    """Make a free hidden name beside `path` with the same suffix in small letters, as OGR writes them.

    Of the name only those signs are kept that every program takes for parts of one.
    """
    stem = re.sub(r"[^\w.-]", "_", path.stem)
    if stem != path.stem:  # so that two outputs have no name in common
        stem += "-" + hashlib.sha256(os.fsencode(path.stem)).hexdigest()[:8]
    return make_hidden_path(path.with_name(stem), f".{secrets.token_hex(4)}{path.suffix.lower()}")


def remove_leftovers(path: Path) -> None:
    """Remove what runs that were killed have left under temporary names of a locked output."""
    path = path.absolute()
    before = make_temporary_path(path).name.removesuffix(path.suffix.lower()).rpartition(".")[0]
    endings = "|".join(re.escape(one.suffix.lower()) for one in list_files(path))
    ours = re.compile(rf"{re.escape(before)}\.[0-9a-f]{{8}}({endings})(-journal|-wal|-shm)?")
    for one in list(path.parent.iterdir()):
        if ours.fullmatch(one.name):
            if one.is_dir() and not one.is_symlink():
                shutil.rmtree(one, ignore_errors=True)
            else:
                one.unlink(missing_ok=True)


@contextmanager
def raise_output_errors(path: Path) -> Iterator[None]:
    """Raise the operating system's refusal as one sentence with its remedy.

    Args:
        path: The output that is being written.

    Raises:
        OutputError: It cannot be written.
    """
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        raise_output_errors = make_output_error(error, path)
        if raise_output_errors is None:
            raise
        raise raise_output_errors from error


def make_output_error(error: BaseException, path: Path) -> OutputError | None:
    """Make the OutputError that says what an error while writing `path` means; None if it is about something else.

    GDAL and SQLite report a full disk as text only, or not at all, so the disk itself is asked too.
    """
    number = error.errno if isinstance(error, OSError) else None
    folder = path.absolute().parent
    if not folder.is_dir():
        return OutputError(
            "output-folder-gone",
            "The output folder {folder} does not exist, or not any more.",
            "Create it, or choose another one.",
            folder=folder,
        )
    if number in (errno.ENOSPC, errno.EDQUOT) or _disk_is_full(path) or _FULL.search(str(error)):
        return OutputError(
            "disk-full",
            "The disk is full: {path} could not be written.",
            "Free some space and run it again.",
            path=path,
        )
    if number == errno.EFBIG:
        return OutputError(
            "file-too-large",
            "{path} could not be written: it is larger than a file may be there.",
            "Choose another disk or account.",
            path=path,
        )
    if number == errno.ENAMETOOLONG:
        return OutputError(
            "output-name-long", "The name of the output {path} is too long.", "Choose a shorter one.", path=path
        )
    if number in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
        return OutputError(
            "output-folder-read-only",
            "The output folder {folder} is read-only.",
            "Choose another one, or ask for the right to write there.",
            folder=folder,
        )
    if number in _DISK_GONE:
        return OutputError(
            "disk-silent",
            "The disk of {path} does not answer: {error}.",
            "Connect it again and run it again.",
            path=path,
            error=error,
        )
    return None


def _disk_is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.absolute().parent).free < 1 << 16
    except OSError:
        return False


def _check_length(path: Path) -> None:
    """Refuse a name for which the file system, or GDAL's side-car of a raster, has no room, and no name at all."""
    if not path.name:
        raise OutputError("output-is-folder", "The output {path} is a folder.", "Give the name of a file.", path=path)
    try:
        most = os.pathconf(path.parent, "PC_NAME_MAX")
    except (AttributeError, OSError, ValueError):  # Windows; or a folder that is missing, which is said elsewhere
        most = 255
    most -= len(".aux.xml") if path.suffix.lower() in (".tif", ".tiff", "") else 0
    length = len(os.fsencode(path.name))
    if length > most:
        raise OutputError(
            "output-name-bytes",
            "The name of the output {path} has {length} bytes, more than {most}.",
            "Choose a shorter one.",
            path=path,
            length=length,
            most=most,
        )


def _is_same_file(path: Path, other: str | Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return path.absolute() == Path(other).absolute()


def is_named(name: str, names: frozenset[str]) -> bool:
    """Tell whether a file is called as one of several; `*` stands for anything."""
    return any(fnmatch.fnmatchcase(name, one) for one in names)


def refuse_others(folder: object, found: Iterable[str], names: frozenset[str]) -> None:
    """Refuse to replace a folder, on a disk or in a store, that holds other files than those of an earlier result.

    Args:
        folder: What it is called.
        found: The files in it.
        names: Those of a result, as `is_named` takes them.

    Raises:
        OutputError: It does.
    """
    if others := [one for one in found if not is_named(one, names)]:
        raise OutputError(
            "output-folder-taken",
            "The folder {folder} holds more than an earlier result ({other}), so it is not replaced.",
            "Choose another name, or empty it.",
            folder=folder,
            other=min(others),
        )


def check_folder(path: Path, names: frozenset[str], *, overwrite: bool = False) -> None:
    """Refuse, before anything is computed, a folder that could not be put in place at the end.

    Args:
        path: Where the folder will be.
        names: The files that it consists of; `*` stands for anything.
        overwrite: Whether an earlier one may be replaced; nothing ever is that has other files in it.

    Raises:
        OutputError: The parent is missing or read-only, or there is something at the path that is in the way.
    """
    parent = path.absolute().parent
    if not parent.is_dir():
        raise OutputError(
            "output-folder-missing",
            "The output folder {folder} does not exist.",
            "Create it, or choose another one.",
            folder=parent,
        )
    if path.exists() and not path.is_dir():
        raise OutputError("output-is-file", "The output {path} is a file.", "Give the name of a folder.", path=path)
    found = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
    if found and not overwrite:
        raise OutputError(
            "output-exists",
            "The output {path} exists already.",
            "Choose another name, or allow it with --overwrite.",
            path=path,
        )
    refuse_others(path, found, names)
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(
            "output-parent-read-only", "The output folder {folder} is read-only.", "Choose another one.", folder=parent
        )


@contextmanager
def write_folder_atomically(path: Path, names: frozenset[str], *, overwrite: bool = False) -> Iterator[Path]:
    """Fill a folder under a temporary name that is renamed to `path` when the block ends well.

    The caller has locked the path (`lock_outputs`): what runs that were killed have left beside it is removed.

    Args:
        path: Where the folder will be.
        names: As for `check_folder`.
        overwrite: As for `check_folder`.

    Yields:
        An empty folder beside `path`; gone after the block, whatever happens.

    Raises:
        OutputError: As `check_folder`; or the disk is full.
    """
    check_folder(path, names, overwrite=overwrite)
    remove_leftovers(path)
    temporary = make_temporary_path(path.absolute())
    try:
        temporary.mkdir()
        usual = temporary.stat().st_mode
        temporary.chmod(0o700)  # nobody else reads what is not finished
        yield temporary
        temporary.chmod(usual)
        check_folder(path, names, overwrite=overwrite)  # something may have come there meanwhile
        _replace_folder(temporary, path)
    except AerialSegError:
        raise
    except OSError as error:
        raise_output_errors = make_output_error(error, path)
        if raise_output_errors is None:
            raise
        raise raise_output_errors from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _replace_folder(temporary: Path, path: Path) -> None:
    """Rename the finished folder, once its files are on the disk; an earlier one goes only when it is in its place."""
    for file in temporary.iterdir():
        if file.is_file():
            flush_file(file)
    flush_folder(temporary)
    if path.is_dir() and not any(path.iterdir()):
        path.rmdir()
    if not path.exists():
        os.rename(temporary, path)  # fails where a folder with something in it has come this very moment
        return
    earlier = make_temporary_path(path.absolute())
    os.replace(path, earlier)
    try:
        os.replace(temporary, path)
    except OSError:
        os.replace(earlier, path)
        raise
    flush_folder(path.absolute().parent)
    shutil.rmtree(earlier, ignore_errors=True)
