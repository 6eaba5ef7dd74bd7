"""What a raster may reach, and that what is read over the network is right or refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio import shutil
from rasterio.env import get_gdal_config
from support import NORTH_UP, REPO, UTM, image, save_model, save_scene
from webserver import Site, serve

from aerialseg_core.datasets.rasters import open_stored, read_header
from aerialseg_core.errors import AerialSegError, DataError, RasterReadError, SceneError
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.raster.opening import gdal_environment, open_raster, raise_read_errors
from aerialseg_core.segmentation.segment import describe_plan, segment

PIXELS = image(600, 700)
TILED = {"tiled": True, "blockxsize": 128, "blockysize": 128, "compress": "deflate"}


def vrt(source: str, bands: int = 3, rows: int = 600, cols: int = 700) -> str:
    """A VRT that shows the bands of a raster."""
    band = (
        '<VRTRasterBand dataType="Byte" band="{0}"><SimpleSource><SourceFilename relativeToVRT="{1}">{2}'
        "</SourceFilename><SourceBand>{0}</SourceBand></SimpleSource></VRTRasterBand>"
    )
    relative = int("://" not in source)
    shown = "".join(band.format(number, relative, source) for number in range(1, bands + 1))
    return f'<VRTDataset rasterXSize="{cols}" rasterYSize="{rows}">{shown}</VRTDataset>'


def wms(address: str) -> str:
    """A map service as GDAL describes it."""
    return (
        f'<GDAL_WMS><Service name="TMS"><ServerUrl>{address}/${{z}}/${{x}}/${{y}}.png</ServerUrl></Service><DataWindow>'
        "<UpperLeftX>0</UpperLeftX><UpperLeftY>10</UpperLeftY><LowerRightX>10</LowerRightX><LowerRightY>0</LowerRightY>"
        "<TileLevel>3</TileLevel></DataWindow><BandsCount>3</BandsCount></GDAL_WMS>"
    )


def read_all(source: str | Path) -> np.ndarray:
    """A raster in windows that lie across its tiles."""
    whole = np.zeros_like(PIXELS)
    with open_raster(source) as dataset, raise_read_errors(source), gdal_environment():
        for row in range(0, 600, 150):
            for col in range(0, 700, 175):
                whole[:, row : row + 150, col : col + 175] = dataset.read(window=((row, row + 150), (col, col + 175)))
    return whole


@pytest.mark.parametrize(("seed", "threads"), [(1, "1"), (1, "ALL_CPUS"), (2, "ALL_CPUS")])
def test_a_server_that_is_busy_now_and_then_gives_the_right_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, threads: str
) -> None:
    monkeypatch.setenv("GDAL_NUM_THREADS", threads)  # with it GDAL takes an answer of 503 for pixels
    monkeypatch.setenv("GDAL_HTTP_RETRY_DELAY", "0.05")
    save_scene(tmp_path / "scene.tif", PIXELS, **TILED)
    with serve(tmp_path, tmp_path / "log", busy=0.2, seed=seed) as site:
        assert np.array_equal(read_all(f"{site.address}/scene.tif"), PIXELS)
        (tmp_path / "mosaic.vrt").write_text(vrt(f"/vsicurl/{site.address}/scene.tif"))
        assert np.array_equal(read_all(tmp_path / "mosaic.vrt"), PIXELS)
        assert any(line.endswith("503") for line in site.requests)


@pytest.mark.parametrize("seed", range(3))
def test_what_fails_to_the_last_is_an_error_and_never_wrong_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setenv("GDAL_HTTP_RETRY_DELAY", "0.05")
    monkeypatch.setenv("GDAL_HTTP_MAX_RETRY", "1")
    save_scene(tmp_path / "scene.tif", PIXELS, **TILED)
    with serve(tmp_path, tmp_path / "log", busy=0.2, cut=0.2, seed=seed) as site:
        (tmp_path / "mosaic.vrt").write_text(vrt(f"/vsicurl/{site.address}/scene.tif"))
        for source in (f"{site.address}/scene.tif", tmp_path / "mosaic.vrt"):
            try:
                found = read_all(source)
            except RasterReadError:
                continue
            assert np.array_equal(found, PIXELS)


def test_a_server_that_never_answers_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDAL_HTTP_RETRY_DELAY", "0.05")
    with serve(tmp_path, tmp_path / "log", busy=1.0) as site:
        with pytest.raises(RasterReadError, match="cannot be read"), open_raster(f"{site.address}/scene.tif"):
            pass
        assert 2 < len(site.requests) < 100


def test_the_environment_of_the_user_counts_but_not_against_right_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDAL_HTTP_MAX_RETRY", "11")
    monkeypatch.setenv("GDAL_NUM_THREADS", "ALL_CPUS")
    seen = []

    def look() -> None:
        with gdal_environment():
            seen.append((get_gdal_config("GDAL_HTTP_MAX_RETRY"), get_gdal_config("GDAL_NUM_THREADS")))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    look()
    assert {(str(retries), str(threads)) for retries, threads in seen} == {("11", "1")}


def test_the_cache_is_counted_in_bytes(tmp_path: Path) -> None:
    save_scene(tmp_path / "scene.tif", PIXELS)
    for enter, expected in ((gdal_environment(32 << 20), 32 << 20), (open_stored(tmp_path / "scene.tif"), 64 << 20)):
        with enter:
            assert int(get_gdal_config("GDAL_CACHEMAX")) == expected


def test_a_tile_in_the_cache_is_decoded_once(tmp_path: Path) -> None:
    """The cache holds what its size says: a file that is overwritten meanwhile is not read again."""
    path = save_scene(tmp_path / "scene.tif", PIXELS)
    with gdal_environment(32 << 20), open_raster(path) as dataset:
        first = dataset.read()
        path.write_bytes(b"\0" * path.stat().st_size)
        assert np.array_equal(dataset.read(), first)


@pytest.fixture
def site(tmp_path: Path) -> object:
    (tmp_path / "www").mkdir()
    save_scene(tmp_path / "www" / "real.tif", PIXELS)
    with serve(tmp_path / "www", tmp_path / "log") as running:
        yield running


@pytest.mark.parametrize("name", ["x.jpg", "x.tif", "x.png", "x", "x.img", "tiles.vrt"])
@pytest.mark.parametrize("what", ["vrt", "vrt after spaces", "wms", "local vrt"])
def test_a_description_under_the_name_of_an_image_contacts_nobody(
    tmp_path: Path, site: Site, name: str, what: str
) -> None:
    content = {
        "vrt": vrt(f"/vsicurl/{site.address}/real.tif"),
        "vrt after spaces": " " * 900 + vrt(f"/vsicurl/{site.address}/real.tif"),
        "wms": wms(site.address),
        "local vrt": vrt("www/real.tif"),
    }[what]
    path = tmp_path / name
    if path.suffix == ".vrt":  # the user named it, but what it is made of is not what it seems
        (tmp_path / "tile.tif").write_text(content)
        content = vrt("tile.tif")
    path.write_text(content)
    with pytest.raises(RasterReadError, match="no image"), open_raster(path):
        pass
    with pytest.raises(DataError, match="no image"):
        read_header(path)
    assert not site.requests


@pytest.mark.parametrize("way", ["overview file", "mask file", "tag", "sidecar"])
def test_an_image_leads_nowhere_by_its_overviews_and_masks(tmp_path: Path, site: Site, way: str) -> None:
    path, address = save_scene(tmp_path / "scene.tif", PIXELS), f"/vsicurl/{site.address}/real.tif"
    if way == "overview file":
        path.with_name("scene.tif.ovr").write_text(vrt(address, rows=300, cols=350))
    elif way == "mask file":
        path.with_name("scene.tif.msk").write_text(vrt(address, bands=1))
    elif way == "tag":
        with rasterio.open(path, "r+") as dataset:
            dataset.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=address)
    else:
        item = f'<MDI key="OVERVIEW_FILE">{address}</MDI>'
        path.with_name("scene.tif.aux.xml").write_text(
            f'<PAMDataset><Metadata domain="OVERVIEWS">{item}</Metadata></PAMDataset>'
        )
    with pytest.raises(RasterReadError), open_raster(path):
        pass
    assert not site.requests


def test_sidecars_that_are_images_are_fine(tmp_path: Path) -> None:
    path = save_scene(tmp_path / "scene.tif", PIXELS)
    with rasterio.Env(TIFF_USE_OVR=True, GDAL_TIFF_INTERNAL_MASK=False), rasterio.open(path, "r+") as dataset:
        dataset.build_overviews([2])
        dataset.write_mask(np.full((600, 700), 255, np.uint8))
    assert path.with_name("scene.tif.ovr").is_file()
    assert path.with_name("scene.tif.msk").is_file()
    with open_raster(path) as dataset:
        assert dataset.overviews(1) == [2]


def test_pixels_that_look_like_text_are_pixels(tmp_path: Path) -> None:
    for value in (ord("<"), ord("{")):
        path = tmp_path / f"{value}.bil"
        profile = {"driver": "ENVI", "height": 80, "width": 90, "count": 1, "dtype": "uint8"}
        with rasterio.open(path, "w", **profile) as dataset:
            dataset.write(np.full((1, 80, 90), value, np.uint8))
        with open_raster(path) as dataset:
            assert (dataset.read() == value).all()


def test_what_the_user_names_may_refer(tmp_path: Path) -> None:
    save_scene(tmp_path / "scene.tif", PIXELS)
    (tmp_path / "one.vrt").write_text(vrt("scene.tif"))
    (tmp_path / "two.VRT").write_text(vrt("one.vrt"))
    assert np.array_equal(read_all(tmp_path / "two.VRT"), PIXELS)
    assert np.array_equal(read_all(f"vrt://{tmp_path / 'scene.tif'}?bands=1,2,3"), PIXELS)


def test_a_container_names_what_it_holds(tmp_path: Path) -> None:
    shutil.copy(save_scene(tmp_path / "scene.tif", PIXELS), tmp_path / "cube.nc", driver="netCDF")
    (tmp_path / "cube.tif").write_bytes((tmp_path / "cube.nc").read_bytes())
    for name in ("cube.nc", "cube.tif"):
        with pytest.raises(SceneError, match="no band of its own") as refused, open_raster(tmp_path / name):
            pass
        inside = f"NETCDF:{tmp_path / name}:Band2"
        assert inside in refused.value.hint
        with open_raster(inside) as dataset:
            assert np.array_equal(dataset.read(1), PIXELS[1])
        with pytest.raises(DataError, match="no band of its own"):
            read_header(tmp_path / name)


@pytest.mark.parametrize("dtype", ["Byte", "UInt16", "Float32"])
def test_sizes_that_are_only_claimed_are_planned_quickly(tmp_path: Path, dtype: str) -> None:
    million = 10**6
    bands = "".join(f'<VRTRasterBand dataType="{dtype}" band="{band}"/>' for band in (1, 2, 3))
    path = tmp_path / "empty.vrt"
    path.write_text(f'<VRTDataset rasterXSize="{million}" rasterYSize="{million}">{bands}</VRTDataset>')
    began = time.monotonic()
    lines = describe_plan(path, model=str(save_model(tmp_path / "m.onnx", patch=256).path), memory=64 << 20)
    assert any(f"{million} × {million} px" in line for line in lines)
    assert time.monotonic() - began < 60  # reading all of it would take days


def test_what_would_take_years_is_refused(tmp_path: Path) -> None:
    side = 2**31 - 1
    bands = "".join(f'<VRTRasterBand dataType="Byte" band="{band}"/>' for band in (1, 2, 3))
    path = tmp_path / "empty.vrt"
    path.write_text(f'<VRTDataset rasterXSize="{side}" rasterYSize="{side}">{bands}</VRTDataset>')
    with pytest.raises(SceneError, match=r"would take [\d,]+ years") as refused:
        segment(path, tmp_path / "out.tif", model=str(save_model(tmp_path / "m.onnx", patch=256).path))
    assert "--extent" in refused.value.hint
    assert not list(tmp_path.glob("*.blocks"))


def test_errors_of_opening_are_ours(tmp_path: Path) -> None:
    (tmp_path / "text.tif").write_text("no raster")
    for source in (
        "",
        "\0",
        tmp_path / "text.tif",
        tmp_path,
        tmp_path / "missing.tif",
        "NETCDF:",
        "http://",
        "a" * 5000,
    ):
        with pytest.raises(AerialSegError), open_raster(source):
            pass


def test_what_ends_too_early_is_named_once(tmp_path: Path) -> None:
    path = save_scene(tmp_path / "damaged.tif", image(60, 70))
    path.write_bytes(path.read_bytes()[:-6000])
    with open_raster(path) as dataset, pytest.raises(RasterReadError) as caught, raise_read_errors(path):
        dataset.read()
    assert str(caught.value).startswith(f"{path} cannot be read: IReadBlock failed at ")
    assert str(caught.value).count("damaged.tif") == str(caught.value).count("IReadBlock") == 1


def test_a_raster_in_one_huge_block_is_refused_with_its_remedy(tmp_path: Path) -> None:
    scene, classes, side = tmp_path / "scene.tif", tmp_path / "classes.tif", 8192
    for path, count in ((scene, 3), (classes, 1)):
        profile = {"driver": "GTiff", "height": side, "width": side, "count": count, "dtype": "uint8"}
        tiles = {"tiled": True, "blockxsize": side, "blockysize": side, "compress": "deflate", "sparse_ok": True}
        rasterio.open(path, "w", **profile, **tiles, crs=UTM, transform=NORTH_UP).close()
    with pytest.raises(SceneError, match="stored in blocks of 8192 × 8192 px") as refused:
        describe_plan(scene, memory=64 << 20)
    assert "TILED=YES" in refused.value.hint
    assert "--memory 384MiB" in refused.value.hint
    assert describe_plan(scene, memory=384 << 20)
    with pytest.raises(SceneError, match="stored in blocks of 8192 × 8192 px"):
        polygonize(classes, tmp_path / "p.gpkg", memory=64 << 20)


def test_an_audit_contacts_no_server(tmp_path: Path, site: Site) -> None:
    for name in ("images", "masks"):
        (tmp_path / "data" / name).mkdir(parents=True)
    for name in ("a", "b"):
        save_scene(tmp_path / "data" / "masks" / f"{name}.tif", PIXELS)
    (tmp_path / "data" / "images" / "a.jpg").write_text(wms(site.address))
    (tmp_path / "data" / "images" / "b.jpg").write_text(vrt(f"/vsicurl/{site.address}/real.tif"))
    command = [sys.executable, "-m", "aerialseg_core", "audit", str(tmp_path / "data"), "--progress", "none"]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode not in (0, 70), done.stderr
    assert "no image" in done.stdout + done.stderr
    assert not site.requests


def test_gdal_is_set_up_for_reading_in_one_place() -> None:
    """What else sets GDAL up, or opens a raster, does so for what it writes itself."""
    setting = re.compile(r"\bEnv\(([^)]*)\)|(set_gdal_config|putenv|environ\[\"(?:GDAL|CPL|VSI)_[A-Z_]*\"\] =)")
    opening = re.compile(r"rasterio\.open\(|DatasetReader\(")
    core = REPO / "aerialseg_core"
    texts = {path.relative_to(core).as_posix(): path.read_text("utf-8") for path in core.rglob("*.py")}
    del texts["raster/opening.py"]
    assert {name: found[0] for name, text in texts.items() if (found := setting.search(text))} == {
        "datasets/patch_files.py": "Env(GDAL_TIFF_INTERNAL_MASK=True)",
        "files/vectors.py": "set_gdal_config",  # of the GDAL of pyogrio, which is another one
        "report/page.py": 'Env(GDAL_PAM_ENABLED="NO")',
    }
    own = {"raster/bands.py", "raster/palette.py", "raster/class_raster.py", "raster/overviews.py"}
    assert {name for name, text in texts.items() if opening.search(text)} == own


def test_keys_for_s3_are_found_by_boto3_though_the_command_line_leaves_it_out():
    pytest.importorskip("boto3")
    program = (
        "import rasterio; from aerialseg_core.errors import RasterReadError\n"
        "from aerialseg_core.raster.opening import open_raster\n"
        "print(rasterio.session.boto3)\n"
        "try: open_raster('s3://box/a.tif').__enter__()\n"
        "except RasterReadError: print(rasterio.session.boto3.Session.__name__)"
    )
    program = "from aerialseg_core.cli.main import UNUSED, leave_out\nleave_out(UNUSED)\n" + program
    dead = {"AWS_S3_ENDPOINT": "127.0.0.1:1", "AWS_HTTPS": "NO", "GDAL_HTTP_MAX_RETRY": "0"}
    dead |= {"AWS_ACCESS_KEY_ID": "me", "AWS_SECRET_ACCESS_KEY": "key"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, **dead}
    )
    assert done.stdout.split() == ["None", "Session"]
