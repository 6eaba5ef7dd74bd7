"""No secret of an address leaves the process: not in what commands print, nor in files, their names, or their folders.

Every command is given every form of address, where it belongs and where it does not.
"""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import image, save_model, save_scene
from webserver import Site, serve

from aerialseg_core.cli.main import main

SECRET = "S3CR3T"

ENVIRONMENT = {
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_TIMEOUT": "2",
    "AWS_EC2_METADATA_DISABLED": "YES",  # nobody asks who this machine is
    "CPL_MACHINE_IS_GCE": "NO",
    "AZURE_STORAGE_ACCOUNT": "nobody",
}

FORMS: dict[str, str] = {
    "user and password": "http://me{S}:{S}@{host}/s.tif",
    "token": "http://{host}/s.tif?token={S}",
    "S3": "http://{host}/s.tif?X-Amz-Credential={S}%2Fx&X-Amz-Signature={S}&X-Amz-Expires=60",
    "shared access signature": "http://{host}/s.tif?sv=2024&sr=b&sig={S}%2B%3D",
    "whole query": "http://{host}/s.tif?{S}",
    "fragment": "http://{host}/s.tif#access_token={S}",
    "damaged": "http://{host}/damaged.tif?sv=2024&sr=b&sig={S}%2B%3D",
    "damaged, slash in the query": "http://{host}/damaged.tif?sv=2024&sig=ab/c/{S}/{S}",
    "session": "http://{host}/s.tif;jsessionid={S}",
    "vsicurl": "/vsicurl/http://me:{S}@{host}/s.tif?token={S}",
    "vsicurl with options": "/vsicurl?header.Authorization=Bearer%20{S}&url=http%3A%2F%2Fme%3A{S}%40{host}%2Fs.tif"
    "%3Fk%3D{S}",
    "archive": "/vsizip//vsicurl/http://me:{S}@{host}/s.zip/s.tif",
    "archive of rasterio": "zip+http://me:{S}@{host}/s.zip!s.tif",
    "capital letters": "HTTP://me:{S}@{host}/s.tif",
    "netCDF": "NETCDF:/vsicurl/http://me:{S}@{host}/s.nc:band",
    "options of a VRT": "vrt:///vsicurl/http://me:{S}@{host}/s.tif?bands=1&token={S}",
    "VRT": '<VRTDataset rasterXSize="70" rasterYSize="60"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
    "<SourceFilename>/vsicurl/http://me:{S}@{host}/s.tif?sig={S}</SourceFilename><SourceBand>1</SourceBand>"
    "</SimpleSource></VRTRasterBand></VRTDataset>",
    "map service": "WMS:http://{host}/wms?SERVICE=WMS&LAYERS=a&apikey={S}",
    "tiled map service": "WMTS:http://{host}/wmts?apikey={S},layer=a",
    "map service of GDAL": '<GDAL_WMS><Service name="TMS"><ServerUrl>http://me:{S}@{host}/x.png?key={S}</ServerUrl>'
    "</Service><UserPwd>{S}:{S}</UserPwd></GDAL_WMS>",
    "tiles of QGIS": "type=xyz&username={S}&password={S}&url=http://{host}/%7Bz%7D.png?apikey%3D{S}",
    "database": "PG:host=localhost dbname=gis user='{S}' password='{S} x' table=t",
    "Azure": "az://box/s.tif?sig={S}",
    "FTP": "ftp://me:{S}@{host}/s.tif",
}
"""In each of them all that is secret is one word."""

QUICK = {"user and password", "shared access signature", "damaged", "map service of GDAL", "tiles of QGIS", "database"}

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The command line takes SIGINT and SIGTERM for itself: give them back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scene, on a server too, and a model."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "www").mkdir()
    scene = save_scene(folder / "www" / "s.tif", image(60, 70))
    (folder / "www" / "damaged.tif").write_bytes(scene.read_bytes()[:-6000])  # it opens, and cannot be read
    save_model(folder / "m.onnx")
    return folder


@pytest.fixture(scope="module")
def site(inputs: Path) -> Iterator[Site]:
    with serve(inputs / "www", inputs / "log") as running:
        yield running


@pytest.fixture
def keeps_secrets(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    """Run the command line, which writes to `out` in the folder of the test; what it said."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    output = tmp_path / "out"

    def run(*arguments: object) -> str:
        output.mkdir()
        with pytest.raises(SystemExit):
            main([str(one) for one in arguments])
        said = "".join(capfd.readouterr())
        assert said
        assert SECRET.casefold() not in said.casefold()
        for path in output.rglob("*"):
            assert SECRET not in str(path)
            assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
        shutil.rmtree(output)
        return said

    return run


@pytest.mark.parametrize("form", [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in FORMS])
def test_no_command_shows_or_writes_a_secret(
    site: Site, inputs: Path, tmp_path: Path, keeps_secrets: Run, form: str
) -> None:
    source = FORMS[form].replace("{S}", SECRET).replace("{host}", site.address.removeprefix("http://"))
    scene, model, out = inputs / "www" / "s.tif", inputs / "m.onnx", tmp_path / "out"
    (tmp_path / "list.txt").write_text(f"{source}\n", "utf-8")
    classes = "".join(f'[[classes]]\nname = "{n}"\ncolour = "#0{n}0000"\nvalue = {n}\n' for n in (1, 2))
    pair = f"[[pairs]]\nimage = {json.dumps(source)}\nlabels = {json.dumps(source)}\n"
    (tmp_path / "data.toml").write_text(classes + pair, "utf-8")
    as_json = ("--progress", "json")

    keeps_secrets("segment", source, "-o", out / "c.tif", "--polygons", out / "c.gpkg", "--model", model, *as_json)
    keeps_secrets("segment", source, "-o", out / "c.tif", "--confidence", out / "p.tif", "--model", model)
    keeps_secrets("segment", source, "-o", out / "c.tif", "--model", model, "--plan")
    keeps_secrets("segment", scene, "-o", out / "c.tif", "--model", source, *as_json)
    keeps_secrets("segment", scene, "-o", out / "c.tif", "--model", model, "--mask", source)
    keeps_secrets("segment", scene, "-o", out / "c.tif", "--model", model, "--extent", source)
    keeps_secrets("polygons", source, "-o", out / "p.gpkg", "--confidence", source, *as_json)
    keeps_secrets("batch", source, "-o", out / "maps", "--model", model, "--polygons", "--stac", *as_json)
    keeps_secrets("batch", tmp_path / "list.txt", "-o", out / "maps", "--model", model, "--mosaic", "--confidence")
    for command in ("audit", "patches"):
        keeps_secrets(command, tmp_path / "data.toml", "-o", out / command, *as_json)
    keeps_secrets("audit", source, "-o", out / "audit", *as_json)
    keeps_secrets("evaluate", model, tmp_path / "data.toml", "-o", out / "report", *as_json)
