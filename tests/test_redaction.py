"""No user, password, token or signature of an address is shown, anywhere."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
import rasterio
from hypothesis import example, given
from hypothesis import strategies as st
from support import REPO, image, save_model, save_scene
from webserver import serve

from aerialseg_core.errors import RasterReadError
from aerialseg_core.redaction import HARMLESS, redact

SECRET = "S3CR3T"

ADDRESSES = [
    f"https://me:{SECRET}@host/a.tif",
    f"https://{SECRET}@host/a.tif",
    f"https://me:p@{SECRET}@host/a.tif",
    f"https://host/a.tif?sv=2024-01&sr=b&sig={SECRET}",
    f"https://host/a.tif?{SECRET}",
    f"https://host/a.tif?X-Amz-Credential={SECRET}%2F2024&X-Amz-Signature={SECRET}",
    f"https://host/a.tif?GoogleAccessId={SECRET}&Expires=1&Signature={SECRET}",
    f"https://host/wms?service=WMS&layers=ortho&apikey={SECRET}",
    f"https://host/wms?SERVICE=WMS&whatever={SECRET}",
    f"https://host/a.tif;jsessionid={SECRET}",
    f"https://host/a.tif#access_token={SECRET}",
    f"/vsicurl/https://me:{SECRET}@host/a.tif?token={SECRET}",
    f"/vsizip//vsicurl/https://me:{SECRET}@host/a.zip/x.tif",
    f"/vsicurl?header.Authorization=Bearer%20{SECRET}&url=https%3A%2F%2Fme%3A{SECRET}%40host%2Fa.tif",
    f"/vsicurl?pc_url_signing=yes&url={quote(f'https://host/a.tif?sig={SECRET}', safe='')}",
    f"s3://{SECRET}:{SECRET}@bucket/a.tif",
    f"zip+https://me:{SECRET}@host/a.zip!x.tif",
    f"PG:host=localhost dbname='gis' user='{SECRET}' password='{SECRET} with spaces' table=x",
    f'PG:"host=localhost user={SECRET} password={SECRET}"',
    f"WMS:https://host/wms?LAYERS=a&token={SECRET}",
    f"type=xyz&zmax=19&username={SECRET}&password={SECRET}&url=https://host/%7Bz%7D.png?key%3D{SECRET}",
    f"password={SECRET}&type=xyz&url=https://host/{{z}}.png",
    f"contextualWMSLegend=0&crs=EPSG:3857&authcfg={SECRET}&url=https://host/wms?map%3Dx%26token%3D{SECRET}",
    f"https://host/{quote('ä ö')}.tif?sig={quote(f'{SECRET}+/=')}",
    f"https://host/a.tif?a=1&amp;sig={SECRET}",
    f"NETCDF:/vsicurl/https://me:{SECRET}@host/a.nc:band",
    f"HTTPS://me:{SECRET}@host/a.tif",
    f"AWS_SECRET_ACCESS_KEY={SECRET}",
    f"https://box.blob.core.windows.net/box/s.tif%3Fsr%3Db%26sig%3D{SECRET}",
    f"<GDAL_WMS><ServerUrl>https://host/wms?</ServerUrl><UserPwd>me:{SECRET}</UserPwd></GDAL_WMS>",
    f"<Option><ApiKey>{SECRET}</ApiKey></Option>",
    f"a.tif?sv=2024-01&sr=b&sig={SECRET}",
    f"a.tif?{SECRET}",
    f"a.tif.gz?{SECRET}/{SECRET}",
    f"wms?SERVICE=WMS&LAYERS=ortho&apikey={SECRET}",
    f"?sig={SECRET}",
    f"s.tif%3Fsr%3Db%26sig%3D{SECRET}",
    f"a.tif?sig={SECRET} and https://host/a.tif?sig={SECRET}",
]
"""In each of them all that is secret is this one word."""

FRAMES = [
    "{}",
    "{}, band 1: IReadBlock failed at X offset 0, Y offset 1: TIFFReadEncodedTile() failed.",
    "'{}' does not exist in the file system, and is not recognized as a supported dataset name.",
    "HTTP error code: 503 - {}",
    'CPLE_OpenFailed in "{}": HTTP response code on {}: 403. Check the address and the connection.',
    "$ aerialseg segment '{}' --output=x.tif\nTraceback …\nOSError: {}",
]


def plugin_redacted(text: str) -> str:
    """The copy of the plugin, which must not import the core."""
    spec = importlib.util.spec_from_file_location("plugin_redaction", REPO / "plugin" / "redaction.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shown: str = module.redact(text)
    return shown


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_secret_is_shown(frame: str, address: str) -> None:
    text = frame.replace("{}", address)
    assert SECRET not in redact(text)
    assert redact(redact(text)) == redact(text)
    assert plugin_redacted(text) == redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "/data/a&b=c/ortho;x=1.tif cannot be read: No such file or directory.",
        "C:\\data\\ortho.tif",
        "C:/me@home/tiles;x=1/a;b=c.tif",
        "\\\\server\\share$\\me@home\\ortho.tif",
        "file:///C:/me@home/ortho.tif",
        "<GDAL_WMS><UserAgent>aerialseg</UserAgent></GDAL_WMS>",
        "https://host/a.tif%3Flayers%3Dortho",
        "https://host/path@2x/a.tif",
        "https://host/wms?SERVICE=WMS&LAYERS=ortho&BBOX=1,2,3,4",
        "The server https://host/a.tif did not answer. Is it the right one? Check the address and the connection.",
        "Is it ortho.tif? Then a&b=c is its name; really?? (ortho.tif?) What of x?",
        "a.tif?layers=x&bbox=1,2,3,4, band 1: IReadBlock failed",
        "NETCDF:/data/cube.nc:Band1",
        "/vsizip//data/a.zip/x.tif",
        "gdalwarp -t_srs EPSG:… IN.tif OUT.tif",
        "values = { building = 255 }",
        "bands    red = 1, green = 2, blue = 3; range as trained",
    ],
)
def test_what_is_no_secret_is_shown_as_it_is(text: str) -> None:
    assert redact(text) == text
    assert plugin_redacted(text) == text


def test_host_and_path_stay_readable() -> None:
    shown = redact("/vsicurl/https://me:word@host/dir/a.tif?layers=x&sig=abc")
    assert shown == "/vsicurl/https://***@host/dir/a.tif?layers=x&sig=***"


WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-.", min_size=1, max_size=8)


@given(st.lists(st.tuples(WORDS, st.just(SECRET)), min_size=1, max_size=4), WORDS)
def test_of_unknown_parameters_no_value_is_shown(parameters: list[tuple[str, str]], host: str) -> None:
    query = "&".join(f"{name}={value}" for name, value in parameters if not HARMLESS.fullmatch(name))
    assert SECRET not in redact(f"cannot open https://{host}/a.tif?{query}.")


NAMES = st.text("abcxyz0189 _-.@;&=%#+~$()", min_size=1, max_size=12)


@given(st.lists(NAMES, min_size=1, max_size=4), st.sampled_from("/\\"))
def test_paths_of_windows_stay_as_they_are(parts: list[str], separator: str) -> None:
    path = f"C:{separator}{separator.join(parts)}"
    assert redact(path) == path


STEMS = st.text("abcxyz019_-", min_size=1, max_size=8)
ENDINGS = st.sampled_from([".tif", ".JP2", ".7z", ".tif.gz", ".vrt"])
SAID = st.lists(st.sampled_from(["Is", "it", "why?", "(here?)", "a=b", "x&y=z", ",", "not."]), max_size=5).map(" ".join)


@given(SAID, STEMS, ENDINGS, st.lists(st.tuples(STEMS, st.just(SECRET)), max_size=3), SAID)
@example("", "-", ".tif", [], "")
def test_of_a_name_without_its_address_no_value_is_shown(
    before: str, stem: str, ending: str, parameters: list[tuple[str, str]], after: str
) -> None:
    """As GDAL calls an open raster in its errors."""
    query = "&".join(f"{name}={value}" for name, value in parameters if not HARMLESS.fullmatch(name)) or SECRET
    shown = redact(f"{before} {stem}{ending}?{query} {after}")
    assert SECRET not in shown
    assert shown.startswith(f"{before} {stem}{ending}?")


@given(st.lists(st.sampled_from([*"?!.,;:()'=&", "Is", "ortho.tif", "a", "1.5", "x=1", "k&v=1"]), max_size=12))
def test_sentences_with_question_marks_stay_as_they_are(words: list[str]) -> None:
    text = " ".join(words)
    assert redact(text) == text


def test_every_error_of_ours_is_redacted() -> None:
    error = RasterReadError(
        "scene-unreachable", f"https://me:{SECRET}@host/a cannot be read.", f"See https://host/?sig={SECRET}."
    )
    assert SECRET not in str(error) + error.text + error.hint


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aerialseg_core", *map(str, arguments)]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=120, check=False)


def test_nothing_secret_leaves_a_run(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    save_scene(tmp_path / "www" / "s.tif", image(60, 70))
    model = save_model(tmp_path / "m.onnx").path
    with serve(tmp_path / "www", tmp_path / "log") as site:
        host = site.address.removeprefix("http://")
        said = ""
        for name in ("s.tif", "missing.tif"):
            address = f"http://me{SECRET}:{SECRET}@{host}/{name}?sv=2024&sig={SECRET}"
            for form in (["--progress", "json"], ["--progress", "none"], ["--plan"]):
                done = run("segment", address, "-o", tmp_path / "out.tif", "--model", model, "--overwrite", *form)
                assert done.returncode == (0 if name == "s.tif" else 3), done.stderr
                said += done.stdout + done.stderr
        said += run("segment", f"http://{SECRET}@{host}/s.tif", "--progress", f"http://{SECRET}@x").stderr
    assert host in said
    assert SECRET not in said
    for path in tmp_path.iterdir():
        if path.is_file() and path.name != "log":
            assert SECRET.encode() not in path.read_bytes()
    with rasterio.open(tmp_path / "out.tif") as made:
        assert made.tags()["AERIALSEG_SOURCE"] == f"http://***@{host}/s.tif?sv=***&sig=***"


def test_the_log_of_the_command_line_is_redacted() -> None:
    code = f"""
import logging, warnings
from aerialseg_core.cli import main
main.start_log()
warnings.warn("HTTP response code on https://me:{SECRET}@host/a.tif: 503", RuntimeWarning)
try:
    raise OSError("https://me:{SECRET}@host/a.tif")
except OSError:
    logging.getLogger("x").exception("at %s", "https://host/?sig={SECRET}")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True)
    assert "Traceback" in done.stderr
    assert "RuntimeWarning: HTTP response code on https://***@host/a.tif: 503" in done.stderr
    assert SECRET not in done.stderr
