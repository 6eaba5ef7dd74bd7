"""`aerialseg segment`."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from .options import (
    FILE,
    POLYGONS,
    open_reporter,
    output_option,
    overwrite_option,
    print_result,
    progress_option,
    segment_options,
    stac_option,
)


@click.command(short_help="Segment one raster.")
@click.argument("scene")
@output_option("Class raster to write (Cloud-Optimized GeoTIFF): a file, or s3://BUCKET/KEY.")
@click.option(
    "--polygons",
    type=POLYGONS,
    help="Class polygons to write as well: .gpkg, .geojson, .parquet, .fgb or .shp; .parquet/ for a folder of files.",
)
@click.option("--confidence", type=FILE, help="Confidence raster to write as well, 0…100 %.")
@click.option(
    "--unlike", type=FILE, help="Raster to write as well of how unlike the training images it is: to 100 % like them."
)
@stac_option
@segment_options
@overwrite_option
@click.option(
    "--blocks",
    metavar="I/N",
    help="Compute the I-th of N shares of the blocks, and stop; the same command without it assembles.",
)
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and stop.")
@progress_option
def segment(
    scene: str,
    output: Path,
    polygons: str | None,
    confidence: Path | None,
    unlike: Path | None,
    blocks: str | None,
    plan_only: bool,
    progress: str,
    **options: Any,
) -> None:
    """Segment SCENE, anything that GDAL opens, into a class raster.

    A run that was interrupted continues when the same command is given again.

    \b
    Examples:
      aerialseg segment ortho.tif -o classes.tif --polygons classes.gpkg
      aerialseg segment ortho.tif -o classes.tif --overlap 0.5 --tta 8 --confidence sure.tif
      aerialseg segment s2.tif -o classes.tif --bands 4,3,2 --range 0,3000 --gsd source --plan
      aerialseg segment country.vrt -o classes.tif --blocks $SLURM_ARRAY_TASK_ID/100
      aerialseg segment s3://bucket/ortho.tif -o s3://bucket/maps/ortho.tif
    """
    from ..files.outputs import names_folder
    from ..segmentation.job import Outputs
    from ..segmentation.segment import plan_run
    from ..segmentation.segment import segment as run_segment
    from ..segmentation.shards import segment_blocks

    with open_reporter(progress) as reporter:
        overwrite, stac = options.pop("overwrite"), options.pop("stac")
        if plan_only:
            areas = None if polygons is None else Path(polygons)
            named = Outputs(output, confidence, areas, unlike=unlike, item=output if stac else None)
            replace(named, parts=names_folder(polygons)).check_names()
            planned = plan_run(scene, reporter=reporter, **options)
            reporter.result(plan=planned.lines, ground=asdict(planned.ground) if planned.ground else None)
            print_result(progress, "\n".join(planned.lines))
            return
        wanted: Any = {"polygons": polygons, "confidence": confidence, "unlike": unlike}
        if blocks is not None:
            facts = segment_blocks(scene, output, blocks, **wanted, reporter=reporter, **options)
            reporter.result(**asdict(facts))
            print_result(progress, f"computed {facts.blocks} blocks, {facts.windows} windows, in {facts.seconds:.0f} s")
            return
        result = run_segment(
            scene,
            output,
            **wanted,
            overwrite=overwrite,
            reporter=reporter,
            stac=stac,
            **options,
        )
        reporter.result(**{key: value for key, value in asdict(result).items() if key != "grid"})
    for path in filter(None, (result.classes, result.confidence, result.unlike, result.polygons, result.item)):
        print_result(progress, f"wrote {path}")
    for name, area in result.areas.items():
        print_result(progress, f"{name:>14} {area:>16,.1f} {result.unit}")
