"""The command `aerialseg`. Commands import the library inside their bodies, so that `--help` is quick."""

from __future__ import annotations

import gc
import io
import logging
import os
import sys
import threading
import warnings
from collections.abc import Sequence, Set
from contextlib import suppress
from typing import Any, NoReturn

import click

from .. import __version__, environ
from ..errors import AerialSegError, Cancelled, ParameterError
from ..progress import JsonReporter
from ..redaction import redact
from .areas import areas
from .audit import audit
from .batch import batch
from .console import ConsoleReporter, Stdout, prepare_streams
from .engines import engines
from .evaluate import evaluate
from .models import models
from .patches import patches
from .polygons import polygons
from .preview import preview
from .retrain import retrain
from .sample import sample
from .sample_points import sample_points
from .segment import segment
from .suggest import suggest
from .train import train
from .usage import asks_for_events, make_usage_error

PREDICTING = "predict"
"""Names of the threads in which engines compute begin so (`predictor.THREAD`, which is not imported to start fast)."""

UNUSED = frozenset({"boto3", "openvino.tools.ovc"})
"""Modules that libraries import if they are there, and no command uses, or hardly one: boto3, which takes longer than
all else that rasterio imports (`opening` imports it where S3 is read), and OpenVINO's converter of models of other
kinds, a third of the time that OpenVINO takes."""

INTERNAL_ERROR = 70
"""Exit code of an error that aerialseg did not foresee (EX_SOFTWARE of sysexits.h)."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aerialseg")
def cli() -> None:
    """Land-cover maps from aerial and satellite images of any size.

    \b
    Example:
      aerialseg sample scene.tif
      aerialseg segment scene.tif -o classes.tif --polygons classes.gpkg
    """


MAPS = (segment, preview, polygons, batch, suggest, sample_points, areas)
MODELS = (audit, patches, train, evaluate, retrain, models, engines)

for command in (*MAPS, *MODELS, sample):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the code of the error class."""
    if arguments is None:
        environ.name_files_in_utf8()
    environ.clear()
    environ.alone = True
    leave_out(UNUSED)
    prepare_streams()
    start_log()
    code = _invoke(list(sys.argv[1:] if arguments is None else arguments))
    if any(thread.name.startswith(PREDICTING) for thread in threading.enumerate()):
        _leave(code)
    gc.freeze()  # not to look once more, at the end, for what of it is rubbish
    sys.exit(code)


def leave_out(modules: Set[str]) -> None:
    """Let this process, which is ours alone, go without some modules: to import them fails as if they were not there.

    Args:
        modules: Their names; what has been imported stays.
    """
    absent: dict[str, Any] = dict.fromkeys(modules - sys.modules.keys())
    sys.modules.update(absent)


class _RedactedLines(logging.Formatter):
    """Log lines, tracebacks and what libraries say too, without the secrets of addresses."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start_log() -> None:
    """Send warnings of all libraries to stderr, those of Python too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_RedactedLines("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.captureWarnings(True)
    # No georeference is no error: the plan mentions it. `warnings.catch_warnings` holds for all threads or none.
    warnings.filterwarnings("ignore", "Dataset has no geotransform")


def _leave(code: int) -> NoReturn:
    """End the process although a network is still computing, which may never end and cannot be stopped."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _invoke(arguments: list[str]) -> int:
    context: click.Context | None = None
    try:
        _require_text(arguments)
        with cli.make_context("aerialseg", arguments) as context:
            cli.invoke(context)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        with suppress(OSError):  # there is nobody who could read it
            click.echo(redact(shown.getvalue()), err=True, nl=False)
        if asks_for_events(arguments):
            JsonReporter(sys.stdout).error(make_usage_error(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return Cancelled.exit_code
    except AerialSegError as error:
        _report_error(error, context, arguments)
        return error.exit_code
    except BrokenPipeError:  # whoever read stdout has seen enough, as `head` has
        return Cancelled.exit_code
    except Exception as error:  # the border of the process: everything unforeseen ends here
        if foreseen := _find_missing_projections():
            _report_error(foreseen, context, arguments)
            return foreseen.exit_code
        logging.getLogger(__name__).exception("unforeseen error")
        unforeseen = AerialSegError(
            "unforeseen",
            "Unforeseen {kind}: {error}.",
            "Please report it with the log.",
            kind=type(error).__name__,
            error=error,
        )
        _report_error(unforeseen, context, arguments)
        return INTERNAL_ERROR
    return 0


def _require_text(arguments: list[str]) -> None:
    """Refuse names of files that GDAL cannot open or write, as they are no text.

    Raises:
        ParameterError: An argument has bytes that are not UTF-8.
    """
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise ParameterError(
                "argument-not-text",
                "{argument} is no UTF-8, so GDAL cannot open or write it.",
                "Rename it.",
                argument=argument,
            ) from None


def _find_missing_projections() -> AerialSegError | None:
    """Find out whether an error may come from a PROJ that is led to the data of another program."""
    try:
        from ..raster.proj_data import require_projections

        require_projections()
    except AerialSegError as error:
        return error
    return None


def _report_error(error: AerialSegError, context: click.Context | None, arguments: Sequence[str]) -> None:
    """Report what ended the run to whoever was told of its progress; on stderr if nobody reads the events any more."""
    reporter = context.obj if context is not None else None
    if reporter is None and asks_for_events(arguments):  # an argument was refused before there was a reporter
        reporter = JsonReporter(sys.stdout)
    if isinstance(reporter, JsonReporter):
        reporter.error(error)
        if not (isinstance(sys.stdout, Stdout) and sys.stdout.lost):
            return
        reporter = None
    (reporter or ConsoleReporter()).error(error)


if __name__ == "__main__":
    main()
