"""What of the environment is not ours: variables of other programs, encodings, and modules in the current folder."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

FOREIGN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "proj": ("PROJ_AUX_DB", "PROJ_DATA", "PROJ_LIB"),
        "gdal": (
            "GDAL_DATA",
            "GDAL_DRIVER_PATH",
            "GDAL_PYTHON_DRIVER_PATH",
            "GDAL_SKIP",
            "GDAL_VRT_ENABLE_PYTHON",
            "OGR_DRIVER_PATH",
            "OGR_SKIP",
        ),
    }
)
"""Variables by which PostGIS, QGIS, OSGeo4W, ArcGIS or R tell their PROJ and GDAL, of other versions, where their data
and drivers are; some of them for a whole computer."""

_DATA = {
    "proj": (("rasterio", "proj_data"), ("pyogrio", "proj_data"), ("pyproj", "proj_dir")),
    "gdal": (("rasterio", "gdal_data"), ("pyogrio", "gdal_data")),
}
"""Where packages from PyPI keep data of their own; those of conda and of a distribution have none there."""

alone = False
"""Whether this process is ours alone, as that of the command line is: nobody else imports anything in it."""

# What `-m MODULE` does, on the path of the process that starts it.
_RUN = """
import json, runpy, sys
sys.path[:] = json.loads(sys.argv.pop(1))
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


def clear() -> None:
    """Remove the variables of other programs from the environment of this process and of those that it starts.

    To be called before rasterio, pyogrio and pyproj are imported. They stay where one of these packages has no data of
    its own, and is told by them where its system has them.
    """
    for library, names in FOREIGN.items():
        if any(name in os.environ for name in names) and _is_self_contained(library):
            for name in names:
                os.environ.pop(name, None)


def name_files_in_utf8() -> None:
    """Start this process over where Python takes the names of files for another encoding than UTF-8.

    So it does in a locale such as de_DE.ISO-8859-1, and in that of no language if PYTHONUTF8=0. GDAL takes them for
    UTF-8 everywhere: a name beyond ASCII would be one file to Python and another one, or none, to GDAL. What is printed
    stays in the encoding of the locale.
    """
    known = os.name == "nt" or sys.getfilesystemencoding() == "utf-8" or "utf8" in sys._xoptions
    if known or not sys.executable:
        return
    os.environ.setdefault("PYTHONIOENCODING", locale.getpreferredencoding(False))
    # This very Python, with the arguments that it was started with.
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # nosec B606


def isolated(module: str, *arguments: str | os.PathLike[str]) -> list[str]:
    """A command that runs a module in a Python of its own, which imports from where this process does.

    Unlike `python -m`, it never imports from the current folder: a `json.py` that lies beside somebody's images is not
    executed. Every child process of ours starts like this.

    Args:
        module: As after `python -m`.
        *arguments: What follows it.
    """
    root = str(Path(__file__).resolve().parents[1])
    path = [*(folder for folder in sys.path if not _is_current(folder)), root]
    return [sys.executable, "-I", "-X", "utf8", "-c", _RUN, json.dumps(path), module, *map(str, arguments)]


def _is_current(folder: str) -> bool:
    """Whether a part of the path is the current folder, by whatever name."""
    try:
        return not os.path.isabs(folder) or os.path.samefile(folder, os.curdir)
    except OSError:  # a part that is not there, or a current folder that is gone
        return False


def _is_self_contained(library: str) -> bool:
    """Whether every package that brings a GDAL or PROJ brings its data too. Nothing is imported for the answer."""
    specs = ((find_spec(package), folder) for package, folder in _DATA[library])
    return all(Path(spec.origin).with_name(folder).is_dir() for spec, folder in specs if spec and spec.origin)
