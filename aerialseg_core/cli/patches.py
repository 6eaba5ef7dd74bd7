"""`aerialseg patches`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import FILE, open_reporter, output_option, overwrite_option, print_result, progress_option


@click.command(short_help="Cut labelled images into patches of images and masks.")
@click.argument("data", type=FILE)
@output_option("Folder to write: images/, masks/ and classes.json.")
@click.option("--size", type=int, default=512, show_default=True, metavar="PX", help="Side of a patch.")
@click.option("--overlap", type=float, default=0.0, show_default=True, help="Share of a patch, 0 to 0.5.")
@overwrite_option
@progress_option
def patches(data: Path, output: Path, size: int, overlap: float, overwrite: bool, progress: str) -> None:
    """Cut DATA into patches: a folder of images/ and masks/ at any depth, or a TOML that pairs rasters with labels.

    The patches are georeferenced images with masks in the colours of the classes; `train`, `audit` and `evaluate` read
    them, and so do other programs. Patches in which nothing is labelled are left out.

    \b
    Examples:
      aerialseg patches fields.toml -o patches/
      aerialseg patches fields.toml -o patches/ --size 256 --overlap 0.25 --overwrite
      aerialseg train patches/ -o fields.onnx
    """
    from ..datasets.patch_files import patches as cut_patches

    with open_reporter(progress) as reporter:
        made = cut_patches(data, output, size=size, overlap=overlap, overwrite=overwrite, reporter=reporter)
        counted = list(zip(made.scheme, made.pixels, strict=True))
        classes = [{"id": c.id, "name": c.name, "colour": c.colour, "pixels": pixels} for c, pixels in counted]
        reporter.result(
            folder=made.folder, patches=made.patches, windows=made.windows, images=made.images, classes=classes
        )
    print_result(progress, f"wrote {made.folder}: {made.patches} patches of {made.images} images")
    for landcover, pixels in counted:
        print_result(progress, f"{landcover.name:>14} {pixels:>14,} px")
