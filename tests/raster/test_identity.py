"""Every file behind a raster counts: a changed one makes another raster, and none of them is ever an output."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from support import image, read, save_model, save_scene
from webserver import serve

from aerialseg_core.errors import OutputError, RasterReadError
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.raster.identity import RasterState, read_file_states, read_state
from aerialseg_core.segmentation.batch import batch
from aerialseg_core.segmentation.segment import describe_plan, segment

PIXELS = image(60, 70)
STATISTICS = (
    '<PAMDataset><PAMRasterBand band="1"><Histograms/><Metadata><MDI key="STATISTICS_MEAN">7</MDI></Metadata>'
    "</PAMRasterBand></PAMDataset>"
)
NODATA = '<PAMDataset><PAMRasterBand band="1"><NoDataValue>7</NoDataValue></PAMRasterBand></PAMDataset>'


def vrt(source: str | Path, bands: int = 3) -> str:
    """A VRT over a raster; its name is relative."""
    shown = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><SimpleSource><SourceFilename relativeToVRT="1">{source}'
        f"</SourceFilename><SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
        for band in range(1, bands + 1)
    )
    return f'<VRTDataset rasterXSize="70" rasterYSize="60">{shown}</VRTDataset>'


def a_file(folder: Path) -> tuple[str, Path]:
    tile = save_scene(folder / "tile.tif", PIXELS)
    return str(tile), tile


def a_vrt(folder: Path) -> tuple[str, Path]:
    tile = save_scene(folder / "tile.tif", PIXELS)
    (folder / "one.vrt").write_text(vrt("tile.tif"))
    return str(folder / "one.vrt"), tile


def a_vrt_of_a_vrt(folder: Path) -> tuple[str, Path]:
    (folder / "deep").mkdir()
    tile = save_scene(folder / "deep" / "tile.tif", PIXELS)
    (folder / "deep" / "one.vrt").write_text(vrt("tile.tif"))
    (folder / "two.vrt").write_text(vrt("deep/one.vrt"))
    return str(folder / "two.vrt"), tile


def a_tile_index(folder: Path) -> tuple[str, Path]:
    tile = save_scene(folder / "tile.tif", PIXELS)
    with rasterio.open(tile) as dataset:
        shape, crs = shapely.box(*dataset.bounds), dataset.crs
    geopandas.GeoDataFrame({"location": [str(tile)]}, geometry=[shape], crs=crs).to_file(folder / "index.gti.gpkg")
    return str(folder / "index.gti.gpkg"), tile


def an_archive(folder: Path) -> tuple[str, Path]:
    tile = save_scene(folder / "tile.tif", PIXELS)
    with zipfile.ZipFile(folder / "tiles.zip", "w") as archive:
        archive.write(tile, "a/tile.tif")
    return f"/vsizip/{folder / 'tiles.zip'}/a/tile.tif", folder / "tiles.zip"


def an_archive_behind_a_vrt(folder: Path) -> tuple[str, Path]:
    inside, archive = an_archive(folder)
    (folder / "one.vrt").write_text(vrt(inside).replace('relativeToVRT="1"', 'relativeToVRT="0"'))
    return str(folder / "one.vrt"), archive


MAKERS = [a_file, a_vrt, a_vrt_of_a_vrt, a_tile_index, an_archive, an_archive_behind_a_vrt]
Maker = Callable[[Path], tuple[str, Path]]


@pytest.mark.parametrize("make", MAKERS)
def test_a_change_of_a_file_behind_a_raster_is_another_state(tmp_path: Path, make: Maker) -> None:
    source, behind = make(tmp_path)
    before = read_state(source)
    assert behind in {path.resolve() for path in before.files} | set(before.files)
    assert read_state(source) == before
    os.utime(behind, ns=(1, 1))
    assert read_state(source).digest != before.digest


@pytest.mark.parametrize("make", MAKERS)
def test_a_file_behind_a_raster_is_never_an_output(tmp_path: Path, make: Maker) -> None:
    source, behind = make(tmp_path)
    content, model = behind.read_bytes(), str(save_model(tmp_path / "m.onnx").path)
    out = tmp_path / "out.tif"
    outputs = {"output": behind} if behind.suffix == ".tif" else {"output": out, "polygons": behind}
    if behind.suffix == ".tif":
        with pytest.raises(OutputError, match="also the input"):
            segment(source, **outputs, model=model, overwrite=True)
    assert behind.read_bytes() == content


def test_a_class_raster_behind_a_vrt_is_not_overwritten_by_its_polygons(tmp_path: Path) -> None:
    classes = save_scene(tmp_path / "classes.gpkg", PIXELS[:1] % 3 + 1)  # a GeoTIFF under a name that polygons may have
    (tmp_path / "one.vrt").write_text(vrt("classes.gpkg", 1))
    (tmp_path / "two.vrt").write_text(vrt("one.vrt", 1))
    with pytest.raises(OutputError, match="also the input"):
        polygonize(tmp_path / "two.vrt", classes, overwrite=True)


@pytest.mark.parametrize("ending", [".msk", ".ovr", ".aux.xml"])
@pytest.mark.parametrize("make", [a_file, a_vrt_of_a_vrt])
def test_a_sidecar_that_is_added_is_another_state(tmp_path: Path, make: Maker, ending: str) -> None:
    source, behind = make(tmp_path)
    before, unopened = read_state(source), read_file_states(Path(source))
    sidecar = behind.with_name(behind.name + ending)
    if ending == ".aux.xml":
        sidecar.write_text(NODATA)
    else:
        (tmp_path / "x").mkdir()
        save_scene(tmp_path / "x" / "x.tif", PIXELS[:1, ::2, ::2] if ending == ".ovr" else PIXELS[:1])
        (tmp_path / "x" / "x.tif").rename(sidecar)
    assert read_state(source).digest != before.digest
    assert read_file_states(Path(source)) != unopened


def test_statistics_that_a_viewer_leaves_change_nothing(tmp_path: Path) -> None:
    source, _ = a_file(tmp_path)
    before = read_state(source).digest
    Path(f"{source}.aux.xml").write_text(STATISTICS)
    assert read_state(source).digest == before


def test_a_batch_does_again_what_has_changed_behind_a_mosaic(tmp_path: Path) -> None:
    model = str(save_model(tmp_path / "m.onnx").path)
    (tmp_path / "in").mkdir()
    a_vrt_of_a_vrt(tmp_path / "in")
    maps = tmp_path / "maps"

    def statuses(**options: Any) -> list[str]:
        return [one.status for one in batch(tmp_path / "in", maps, pattern="two.vrt", model=model, **options)]

    assert statuses() == ["done"]
    assert statuses() == ["skipped"]
    before = read(maps / "two_classes.tif")
    save_scene(tmp_path / "in" / "deep" / "tile.tif", PIXELS[::-1])
    assert statuses(overlap=0.25) == ["failed"]  # another command has not made this map
    assert statuses() == ["done"]
    assert not np.array_equal(read(maps / "two_classes.tif"), before)
    assert statuses() == ["skipped"]


def test_a_web_address_is_told_by_what_its_server_says(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    tile = save_scene(tmp_path / "www" / "s.tif", PIXELS)
    with serve(tmp_path / "www", tmp_path / "log", busy=0.1) as site:
        first = read_state(f"{site.address}/s.tif?sig=one&id=7")
        assert not first.notes
        assert read_state(f"{site.address.replace('//', '//me:word@')}/s.tif?sig=two&id=7") == first
        assert read_state(f"{site.address}/s.tif?sig=one&id=8").digest != first.digest
        os.utime(tile, ns=(10**18, 10**18))
        assert read_state(f"{site.address}/s.tif?sig=one&id=7").digest != first.digest


def test_a_server_that_says_nothing_is_named_in_the_plan(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    save_scene(tmp_path / "www" / "s.tif", PIXELS)
    model = str(save_model(tmp_path / "m.onnx").path)
    with serve(tmp_path / "www", tmp_path / "log", tags=False) as site:
        lines = describe_plan(f"{site.address}/s.tif?sig=S3CR3T", model=model)
    assert any("has changed (no ETag, no date)" in line for line in lines)
    assert "S3CR3T" not in "".join(lines)


def test_a_server_is_asked_as_gdal_asks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the headers that are in a file, and through the proxy."""
    (tmp_path / "www").mkdir()
    save_scene(tmp_path / "www" / "s.tif", PIXELS)
    (tmp_path / "headers.txt").write_text("X-Key: word\n")
    with serve(tmp_path / "www", tmp_path / "log", key="word") as site:
        assert not read_state_or_none(f"{site.address}/s.tif")
        monkeypatch.setenv("GDAL_HTTP_HEADER_FILE", str(tmp_path / "headers.txt"))
        state = read_state_or_none(f"{site.address}/s.tif")
        assert state
        assert not state.notes
        monkeypatch.setenv("GDAL_HTTP_PROXY", site.address)  # it answers for every host
        monkeypatch.setenv("no_proxy", "")
        state = read_state_or_none("http://host.invalid/s.tif")
        assert state
        assert not state.notes


def read_state_or_none(source: str) -> RasterState | None:
    try:
        return read_state(source)
    except RasterReadError:
        return None
