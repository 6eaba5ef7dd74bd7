"""Options that several commands share, and the reporter that they ask for. Nothing heavy is imported here."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

from ..config import BLENDS, DEFAULT_MODEL, DEVICES, ENGINES, PRECISIONS, TTAS, SegmentConfig, parse_memory
from ..errors import ParameterError
from ..files.texts import replace_controls
from ..progress import JsonReporter, Reporter
from .console import ConsoleReporter

Command = TypeVar("Command", bound=Callable[..., Any])


class File(click.Path):
    """A path that the file system can have: no name in it is too long."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = super().convert(value, param, ctx)
        try:
            os.stat(path)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                self.fail(f"The name {str(path)[:40]!r} … is too long for a file.", param, ctx)
        return path


FILE = File(path_type=Path)
POLYGONS = File()
"""A file of polygons, or a folder if the text ends in /, which a path would forget."""


def output_option(help_text: str) -> Callable[[Command], Command]:
    """`-o/--output PATH`, required."""
    return click.option("-o", "--output", type=FILE, required=True, help=help_text)


overwrite_option = click.option("--overwrite", is_flag=True, help="Replace existing outputs.")
"""`--overwrite`."""

progress_option = click.option(
    "--progress",
    type=click.Choice(["bar", "json", "none"]),
    default="bar",
    show_default=True,
    help="A bar, JSON lines on stdout for other programs, or nothing.",
)
"""`--progress bar|json|none`."""


def _to_memory(context: click.Context, parameter: click.Parameter, text: str) -> int:
    return parse_memory(text)


memory_option = click.option(
    "--memory", callback=_to_memory, default="1GiB", show_default=True, help="Memory for buffers."
)
"""`--memory SIZE`."""

threads_option = click.option("--threads", type=int, default=0, help="CPU threads; all by default.")
"""`--threads N`."""

stac_option = click.option(
    "--stac", is_flag=True, help="Write a STAC item beside each class raster as well; by batch a collection too."
)
"""`--stac`."""

min_area_option = click.option(
    "--min-area",
    type=float,
    default=0.0,
    metavar="M2",
    help="Polygons: smaller regions go to the neighbour with the longest shared edge, m² (px² without CRS).",
)
"""`--min-area M2`."""

simplify_option = click.option(
    "--simplify",
    type=float,
    default=0.0,
    metavar="METRES",
    help="Polygons: simplify shared edges; a corner may take away the square of this, m² (px² without CRS).",
)
"""`--simplify METRES`."""

smooth_option = click.option(
    "--smooth",
    type=int,
    default=0,
    metavar="ROUNDS",
    help="Polygons: rounds in which the corners of shared edges are cut, 0 to 3.",
)
"""`--smooth ROUNDS`."""

square_option = click.option(
    "--square",
    metavar="CLASSES",
    callback=lambda *values: tuple(values[2].split(",")) if values[2] else (),
    help="Polygons: give the outlines of these classes right angles, as in Building.",
)
"""`--square CLASSES`."""

classes_option = click.option(
    "--classes",
    "class_ids",
    metavar="1,3",
    callback=lambda *values: None if values[2] is None else tuple(values[2].split(",")),
    help="Polygons: ids or names of the classes wanted; all by default.",
)
"""`--classes 1,3`."""

shape_options = (min_area_option, simplify_option, smooth_option, square_option, classes_option)
"""What polygons are made, and how."""

cluster_option = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Compute on local:N processes, or on a Dask cluster: tcp://HOST:8786 or its scheduler file.",
)
"""`--cluster local:N|URL|FILE.json`."""

mixed_option = click.option(
    "--allow-mixed", is_flag=True, help="Let machines that compute other scores work on one raster."
)
"""`--allow-mixed`."""

precision_option = click.option(
    "--precision",
    type=click.Choice(PRECISIONS),
    default=PRECISIONS[0],
    show_default=True,
    help="auto: in bytes where that is faster. full: as the network was trained.",
)
"""`--precision auto|full`."""


@contextmanager
def open_reporter(progress: str) -> Iterator[Reporter]:
    """Open the reporter of a command; the first SIGINT or SIGTERM cancels through it, a second one kills.

    A terminal that is closed cancels nothing: a run belongs to whoever started it, and a program that watches it is
    known by its end of stdout (`JsonReporter`). What `nohup` or a shell has told the system to ignore stays ignored.

    Args:
        progress: Value of `--progress`.
    """
    reporter = JsonReporter(sys.stdout) if progress == "json" else ConsoleReporter(quiet=progress == "none")
    click.get_current_context().find_root().obj = reporter
    for name, cancels in (("SIGINT", True), ("SIGTERM", True), ("SIGHUP", False)):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, (lambda n, _: _cancel(reporter, n)) if cancels else signal.SIG_IGN)
    try:
        yield reporter
    finally:
        reporter.close()


def _cancel(reporter: Reporter, number: int) -> None:
    reporter.cancel()
    signal.signal(number, signal.SIG_DFL)


def print_result(progress: str, text: str) -> None:
    """Print a result for people; programs that asked for JSON lines get events instead."""
    if progress != "json":
        sys.stdout.write(f"{replace_controls(text)}\n")
        sys.stdout.flush()


def segment_options(command: Command) -> Command:
    """Add the options of `SegmentConfig`, for `segment` and `batch`."""
    defaults = SegmentConfig()
    options = [
        click.option("--model", default=DEFAULT_MODEL, show_default=True, metavar="NAME|FILE", help="Model to run."),
        click.option(
            "--bands",
            callback=_to_bands,
            metavar="1,2,3",
            help="Bands in the order of the model; else by what the image says.",
        ),
        click.option(
            "--range",
            callback=_to_range,
            default="auto",
            metavar="LO,HI|auto|per-raster",
            help="Values that become black and white, if not 8-bit; by itself one range for a folder.",
        ),
        click.option(
            "--nodata",
            type=float,
            metavar="VALUE",
            help="No data where all bands hold this, collar and inside alike; instead of what the file declares.",
        ),
        click.option(
            "--gsd",
            callback=_to_gsd,
            default="auto",
            metavar="auto|source|METRES",
            help="Resolution to read at; of a photo that nothing locates, the size of its pixels.",
        ),
        click.option(
            "--out-gsd", callback=_to_gsd, default="source", metavar="source|model|METRES", help="Resolution to write."
        ),
        click.option(
            "--extent", callback=_to_extent, metavar="XMIN,YMIN,XMAX,YMAX", help="Part of the scene, in its CRS."
        ),
        click.option("--mask", metavar="AREAS", help="Polygons outside of which nothing is segmented."),
        click.option("--blend", type=click.Choice(BLENDS), default=defaults.blend, show_default=True),
        click.option("--overlap", type=float, default=defaults.overlap, show_default=True, help="Share of a patch."),
        click.option(
            "--tta",
            type=click.Choice([str(n) for n in TTAS]),
            default=str(defaults.tta),
            callback=lambda *values: int(values[2]),
            show_default=True,
            help="Rotations and mirrors to average over.",
        ),
        click.option("--engine", type=click.Choice(ENGINES), default=defaults.engine, show_default=True),
        click.option("--device", type=click.Choice(DEVICES), default=defaults.device, show_default=True),
        precision_option,
        memory_option,
        click.option("--block", type=int, default=defaults.block, show_default=True, help="Rows of a block, px."),
        threads_option,
        *shape_options,
        cluster_option,
        mixed_option,
    ]
    return reduce(lambda decorated, option: option(decorated), reversed(options), command)


def _to_numbers(option: str, text: str, count: int | None, kind: Callable[[str], Any]) -> tuple[Any, ...]:
    try:
        values = tuple(kind(part) for part in text.split(","))
    except ValueError:
        raise ParameterError(
            "option-not-numbers",
            "{option} {text} is not a list of numbers.",
            "Separate them by commas.",
            option=option,
            text=text,
        ) from None
    if count is not None and len(values) != count:
        raise ParameterError(
            "option-number-count",
            "{option} takes {count} numbers, not {given}.",
            "Separate them by commas.",
            option=option,
            count=count,
            given=len(values),
        )
    return values


def _to_bands(context: click.Context, parameter: click.Parameter, text: str | None) -> tuple[int, ...] | None:
    return None if text is None else _to_numbers("--bands", text, None, int)


def _to_range(context: click.Context, parameter: click.Parameter, text: str) -> Any:
    return text if text in ("auto", "per-raster") else _to_numbers("--range", text, 2, float)


def _to_extent(context: click.Context, parameter: click.Parameter, text: str | None) -> Any:
    return None if text is None else _to_numbers("--extent", text, 4, float)


def _to_gsd(context: click.Context, parameter: click.Parameter, text: str) -> str | float:
    words = ("auto", "source") if parameter.name == "gsd" else ("source", "model")
    if text in words:
        return text
    try:
        return float(text)
    except ValueError:
        raise ParameterError(
            "option-not-metres",
            "{option} {text} is neither {words} nor a number of metres.",
            option=parameter.opts[0],
            text=text,
            words=" nor ".join(words),
            known=", ".join(words),
        ) from None
