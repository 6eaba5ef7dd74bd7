"""Pack the QGIS plugin: `dist/aerialseg-X.Y.Z.zip`, which QGIS installs and plugins.qgis.org takes.

The same tree gives the same bytes. The file is there whole or not at all.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser, Error
from pathlib import Path

TOP = "aerialseg"
"""The one folder in the archive: the name of the plugin's package."""

CONTENT = (
    (r"(__init__\.py|metadata\.txt|LICENSE|README\.md|CHANGELOG\.md)", ""),
    (r"plugin/.+", r"LICENSE|.+\.(py|json|svg|png|qm|ts|txt|ui|qml)"),
    (r"aerialseg_core/(?!_models/).+", r".+\.(py|typed|toml|html|css|json|svg|tif|md)"),
    (r"models/(MODEL_CARD\.md|[^/]+\.onnx)", ""),
    (r"docs/qgis/[^/]+\.md", ""),
    (r"docs/qgis/images/.+", r".+\.png"),
)
"""(paths that belong in the archive, what their last part must look like so that nothing strange slips in)."""

REQUIRED = (
    "__init__.py",
    "metadata.txt",
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "plugin/LICENSE",
    "plugin/plugin_main.py",
    "aerialseg_core/__main__.py",
    "models/MODEL_CARD.md",
)

KEYS = (
    "name",
    "qgisMinimumVersion",
    "description",
    "about",
    "version",
    "author",
    "email",
    "repository",
    "tracker",
)
"""What plugins.qgis.org asks of metadata.txt."""

BINARY = {".onnx", ".png", ".qm", ".tif"}
MOST_BYTES = 25_000_000
"""plugins.qgis.org takes no more."""

SKIPPED_FOLDERS = {"__pycache__", "__MACOSX"}
THE_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip file knows; whose clock it is must not matter
MODE = 0o100644


class BuildError(Exception):
    """The tree cannot be packed; the text says why."""


def main() -> int:
    """Pack the tree, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, help="folder for the archive (default: dist/ of the tree)")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent, help="the tree")
    given = parser.parse_args()
    try:
        archive = build(given.root, given.output or given.root / "dist")
    except (BuildError, OSError) as error:
        print(f"The plugin was not built: {error}", file=sys.stderr)
        return 1
    print(f"{archive}  {archive.stat().st_size / 1e6:.1f} MB")
    print("Install it in QGIS: Plugins ▸ Manage and Install Plugins… ▸ Install from ZIP")
    if ".invalid" in (given.root / "metadata.txt").read_text(encoding="utf-8"):
        print("plugins.qgis.org will refuse it: addresses in metadata.txt still end in .invalid.")
    return 0


def build(root: Path, folder: Path) -> Path:
    """Write the archive and return its path.

    Args:
        root: The tree.
        folder: Where the archive comes; made if it is not there.

    Raises:
        BuildError: Something is missing, does not belong there, or is too large.
    """
    names = sorted(name for name in list_files(root) if is_packed(name))
    metadata = check(root, names)
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{TOP}-{metadata['version']}.zip"
    part = archive.with_name(f".{archive.name}.part")
    try:
        pack(root, names, part)
        if (size := part.stat().st_size) >= MOST_BYTES:
            raise BuildError(
                f"the archive would have {size / 1e6:.1f} MB; less than {MOST_BYTES / 1e6:.0f} are allowed."
            )
        os.replace(part, archive)
    finally:
        part.unlink(missing_ok=True)
    return archive


def list_files(root: Path) -> Iterator[str]:
    """Names of the files that are the project's: those that git tracks or would, or all where there is no git."""
    listed = list_git_files(root)
    for name in walk(root) if listed is None else listed:
        parts = name.split("/")
        hidden = any(part.startswith(".") or part in SKIPPED_FOLDERS for part in parts)
        if not hidden and not name.endswith((".pyc", ".pyo")) and os.path.lexists(root / name):
            yield name


def list_git_files(root: Path) -> list[str] | None:
    """What git knows of the tree; None if the tree is no working tree of its own."""
    git = ["git", "-C", str(root)]
    try:
        top = subprocess.run([*git, "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=True)
        if Path(top.stdout.rstrip("\n")).resolve() != root.resolve():
            return None
        listing = [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        found = subprocess.run(listing, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return None
    return sorted(set(filter(None, found.split("\0"))))


def walk(root: Path) -> Iterator[str]:
    """Every file and every link below a folder; links are not followed."""
    for folder, folders, names in os.walk(root):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = [name for name in folders if name not in links]
        yield from ((Path(folder) / name).relative_to(root).as_posix() for name in (*names, *links))


def is_packed(name: str) -> bool:
    """Whether a file comes into the archive.

    Raises:
        BuildError: It lies where all files do, but is of a kind that has no business there.
    """
    for where, kind in CONTENT:
        if re.fullmatch(where, name):
            if kind and not re.fullmatch(kind, name.rsplit("/", 1)[-1]):
                raise BuildError(
                    f"{name} is of no kind that belongs in the plugin; remove it, or allow it in {__file__}."
                )
            return True
    return False


def check(root: Path, names: list[str]) -> dict[str, str]:
    """Refuse a tree that QGIS or plugins.qgis.org would; return its metadata."""
    for name in (*REQUIRED, "models/*.onnx"):
        if not any(Path(found).match(name) and found.count("/") == name.count("/") for found in names):
            raise BuildError(f"{name} is missing.")
    for name in names:
        check_file(root / name, name)
    metadata = read_metadata(root / "metadata.txt")
    if metadata.get("icon") and metadata["icon"] not in names:
        raise BuildError(f"metadata.txt names the icon {metadata['icon']}, which is missing.")
    tree = ast.parse((root / "__init__.py").read_text(encoding="utf-8"))
    if not any(isinstance(node, ast.FunctionDef) and node.name == "classFactory" for node in tree.body):
        raise BuildError("__init__.py has no classFactory, which QGIS calls.")
    return metadata


def check_file(path: Path, name: str) -> None:
    """Refuse links, and binary files that are none of the known kinds."""
    if path.is_symlink():
        raise BuildError(f"{name} is a link; put the file itself there.")
    if not name.isascii():
        raise BuildError(f"{name} has letters beyond ASCII, which not every system unpacks.")
    content = path.read_bytes()
    if path.suffix not in BINARY and b"\0" in content:
        raise BuildError(f"{name} is a binary file.")
    if path.suffix == ".py":
        try:
            compile(content, name, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise BuildError(f"{name} is no Python: line {error.lineno}: {error.msg}.") from error


def read_metadata(path: Path) -> dict[str, str]:
    """The section `general` of metadata.txt, with all that is required of it."""
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # keys keep their case
    try:
        parser.read(path, encoding="utf-8")
        metadata = dict(parser["general"])
    except (Error, KeyError, UnicodeDecodeError) as error:
        raise BuildError(f"metadata.txt cannot be read: {' '.join(str(error).split())}.") from error
    missing = [key for key in KEYS if not metadata.get(key, "").strip()]
    if missing:
        raise BuildError(f"metadata.txt has no {' and no '.join(missing)}.")
    if not re.fullmatch(r"\d+\.\d+\.\d+(-?[a-z0-9.]+)?", metadata["version"]):
        raise BuildError(f"metadata.txt has the version {metadata['version']!r}, which is not of the form 1.2.3.")
    return metadata


def pack(root: Path, names: list[str], archive: Path) -> None:
    """Write files into an archive whose bytes depend on their names and contents only."""
    with zipfile.ZipFile(archive, "w") as target:
        for name in names:
            member = zipfile.ZipInfo(f"{TOP}/{name}", THE_TIME)
            member.create_system = 3  # Unix: the permissions count
            member.external_attr = MODE << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, (root / name).read_bytes(), compresslevel=9)


if __name__ == "__main__":
    sys.exit(main())
