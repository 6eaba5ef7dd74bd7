"""Link this repository into the plugins folder of a QGIS profile on this machine, or take the link away again.

deploy.py link|unlink [PROFILE]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
NAME = "aerialseg"
DEFAULT = "default"

NEXT = """Next: start QGIS again, tick "Show also experimental plugins" in the settings of Plugins > Manage and Install
Plugins, and then aerialseg among the installed ones. Without windows: qgis_process plugins enable aerialseg
After a change of the code: the plugin "Plugin Reloader", or start QGIS again. `make undeploy` takes the link away."""


class DeployError(Exception):
    """The link cannot be made or removed; the text says why."""


def main(arguments: list[str]) -> int:
    """Do it for QGIS 3, and for QGIS 4 where it is there."""
    action, profile = (*arguments, DEFAULT)[:2]
    if action not in ("link", "unlink") or len(arguments) > 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        links = [folder / "python" / "plugins" / NAME for folder in find_profiles(profile, make=action == "link")]
        (link if action == "link" else unlink)(links)
    except (DeployError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def find_data_folder() -> Path:
    """Where QGIS keeps its profiles on this system."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "QGIS"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "QGIS"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "QGIS"


def find_profiles(name: str, *, make: bool) -> list[Path]:
    """Folders of the profile of this name, one for each QGIS that has it.

    Args:
        name: Of the profile.
        make: Whether the default one counts also before QGIS has made it.

    Raises:
        DeployError: There is none.
    """
    roots = [find_data_folder() / version / "profiles" for version in ("QGIS3", "QGIS4")]
    if name in ("", ".", "..") or Path(name).name != name:
        raise DeployError(f"{name!r} is no name of a profile.")
    found = [root / name for root in roots if (root / name).is_dir()]
    if not found and name == DEFAULT:
        there = [root for root in roots if root.is_dir()] or roots[:1]
        found = [root / name for root in there] if make else []
    if not found and (make or name != DEFAULT):
        known = sorted({p.name for root in roots if root.is_dir() for p in root.iterdir() if p.is_dir()})
        names = f"There are: {', '.join(known)}." if known else "There is no profile yet: start QGIS once."
        raise DeployError(f"No QGIS here has a profile {name!r}. {names} Name one: make deploy PROFILE=name")
    return found


def is_ours(path: Path) -> bool:
    """Whether a path is a link to this repository."""
    return path.is_symlink() and path.resolve() == REPO


def link(links: list[Path]) -> None:
    """Make the links; all or none.

    Raises:
        DeployError: Something else is in the place of one.
    """
    for path in links:
        if os.path.lexists(path) and not is_ours(path):
            what = f"a link to {os.readlink(path)}" if path.is_symlink() else "no link: an installed plugin?"
            raise DeployError(f"{path} is {what}. Remove it (in QGIS: uninstall aerialseg), then run this again.")
    for path in links:
        if not is_ours(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(REPO, target_is_directory=True)
        print(f"{path} -> {REPO}")
    print(NEXT)


def unlink(links: list[Path]) -> None:
    """Remove the links that are ours; nothing else.

    Raises:
        DeployError: Something else is in the place of one.
    """
    there = [path for path in links if os.path.lexists(path)]
    for path in there:
        if not is_ours(path):
            raise DeployError(f"{path} is no link to {REPO}: it stays.")
    for path in there:
        path.unlink()
        print(f"removed {path}")
    if not there:
        print("There is no link to remove.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
