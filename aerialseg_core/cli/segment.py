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
@click.option("--seams", type=FILE, help="Raster to write as well of how much overlapping windows disagreed, 0…100 %.")
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
    seams: Path | None,
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
    from ..segmentation.job import Outputs
    from ..segmentation.segment import plan_run
    from ..segmentation.segment import segment as run_segment
    from ..segmentation.shards import segment_blocks
    from ..sentences import describe

    with open_reporter(progress) as reporter:
        overwrite, stac = options.pop("overwrite"), options.pop("stac")
        if plan_only:
            named = Outputs.named(output, confidence, polygons, unlike, seams)
            replace(named, item=output if stac else None).check_names()
            planned = plan_run(scene, reporter=reporter, **options)
            rows = [describe(line) for line in planned.lines]
            reporter.result(plan=planned.lines, rows=rows, ground=asdict(planned.ground) if planned.ground else None)
            print_result(progress, "\n".join(planned.lines))
            return
        wanted: Any = {"polygons": polygons, "confidence": confidence, "unlike": unlike, "seams": seams}
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
    rasters = (result.classes, result.confidence, result.unlike, result.seams)
    for path in filter(None, (*rasters, result.polygons, result.item)):
        print_result(progress, f"wrote {path}")
    if result.disagreement is not None:
        print_result(progress, f"where windows overlap they disagreed by {result.disagreement:.1f} %")
    elif result.seams:
        print_result(progress, "no windows overlap: there are no seams")
    if result.ground:
        print_result(progress, f"the ground is {result.ground.text}")
    for name, area in result.areas.items():
        print_result(progress, f"{name:>14} {area:>16,.1f} {result.unit}")
