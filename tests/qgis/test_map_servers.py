"""Layers without a file: read through their provider, from a server that runs here."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from within import Run, feedback_class

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis

RunAlgorithm = Callable[..., Run]
WORLD = math.pi * 6378137.0
CAPABILITIES = """<?xml version="1.0"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title>t</Title></Service>
<Capability><Request><GetMap><Format>image/png</Format>
<DCPType><HTTP><Get><OnlineResource xlink:href="{url}"/></Get></HTTP></DCPType></GetMap></Request>
<Layer><Title>t</Title><CRS>EPSG:3857</CRS><Layer><Name>ground</Name><Title>g</Title><CRS>EPSG:3857</CRS>
<BoundingBox CRS="EPSG:3857" minx="-{w}" miny="-{w}" maxx="{w}" maxy="{w}"/></Layer></Layer></Capability>
</WMS_Capabilities>"""


def picture(width: int, height: int) -> bytes:
    """A PNG that is green on the left and grey on the right."""
    from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice
    from qgis.PyQt.QtGui import QColor, QImage, QPainter

    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(QColor("#3d6b35"))
    painter = QPainter(image)
    painter.fillRect(width // 2, 0, width, height, QColor("#8a8f94"))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data)


class Handler(BaseHTTPRequestHandler):
    """Tiles at /z/x/y.png, a WMS at /wms; everything else is missing."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {key.lower(): values[0] for key, values in parse_qs(asked.query).items()}
        self.server.asked.append(self.path)
        if asked.path == "/wms" and query.get("request", "").lower() == "getcapabilities":
            port = self.server.server_address[1]
            self._answer(CAPABILITIES.format(url=f"http://127.0.0.1:{port}/wms?", w=WORLD).encode(), "text/xml")
        elif asked.path == "/wms":
            self._answer(picture(int(query["width"]), int(query["height"])), "image/png")
        elif asked.path.startswith("/tiles/"):
            self._answer(picture(256, 256), "image/png")
        else:
            self.send_error(404)

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["xyz", "wms"])
def served(request: pytest.FixtureRequest, server: Any, project: Any) -> Any:
    """A layer of the local server."""
    from qgis.core import QgsRasterLayer

    base = f"http://127.0.0.1:{server.server_address[1]}"
    sources = {
        "xyz": f"type=xyz&url={base}/tiles/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmax=19&zmin=0",
        "wms": f"crs=EPSG:3857&dpiMode=7&format=image/png&layers=ground&styles=&url={base}/wms",
    }
    layer = QgsRasterLayer(sources[request.param], "ground", "wms")
    assert layer.isValid(), layer.error().summary()
    project.addMapLayer(layer)
    return layer


EXTENT = "600000,600200,6800000,6800160 [EPSG:3857]"


def test_a_layer_of_a_server_is_read_for_the_extent(run: RunAlgorithm, served: Any, tmp_path: Path) -> None:
    done = run("segmentraster", {"INPUT": served, "EXTENT": EXTENT, "GSD": "0.5", "OUTPUT": tmp_path / "classes.tif"})
    assert done.ok, done.log
    layer = done.layers["OUTPUT"]
    assert layer.crs().authid() == "EPSG:3857"
    assert layer.extent().xMinimum() == pytest.approx(600000)
    assert layer.extent().yMaximum() == pytest.approx(6800160)
    pixel = layer.extent().width() / layer.width()
    assert pixel == pytest.approx(0.5 / math.cos(math.radians(52.0)), rel=0.05), "a metre of Web Mercator is none"
    assert layer.extent().width() == pytest.approx(200, abs=pixel)


def test_a_whole_map_server_is_refused_in_one_sentence(run: RunAlgorithm, served: Any, tmp_path: Path) -> None:
    done = run("segmentraster", {"INPUT": served, "OUTPUT": tmp_path / "classes.tif"})
    assert not done.ok
    assert "Choose an extent" in done.log
    assert not list(tmp_path.glob("*.tif"))


def test_more_than_can_be_asked_of_a_server_is_refused(run: RunAlgorithm, served: Any, tmp_path: Path) -> None:
    huge = "0,9000000,0,9000000 [EPSG:3857]"
    done = run("segmentraster", {"INPUT": served, "EXTENT": huge, "OUTPUT": tmp_path / "classes.tif"})
    assert not done.ok
    assert "megapixels" in done.log


def test_a_server_that_does_not_answer_gives_one_sentence(
    run: RunAlgorithm, served: Any, server: Any, tmp_path: Path
) -> None:
    server.shutdown()
    server.server_close()
    given = {"INPUT": served, "EXTENT": "10000,10100,20000,20100 [EPSG:3857]", "OUTPUT": tmp_path / "classes.tif"}
    done = run("segmentraster", given)
    assert not done.ok
    assert "Nothing came from ground" in done.log
    assert not (tmp_path / "classes.tif").exists()


def test_reading_from_a_server_can_be_cancelled(run: RunAlgorithm, served: Any, tmp_path: Path) -> None:
    feedback = feedback_class()(lambda one: one.cancel())
    wide = "600000,606000,6800000,6806000 [EPSG:3857]"
    done = run("segmentraster", {"INPUT": served, "EXTENT": wide, "OUTPUT": tmp_path / "classes.tif"}, feedback)
    assert not done.ok
    assert "Cancelled" in done.log
    assert not list(tmp_path.rglob("*.tif"))


def test_a_virtual_raster_of_qgis_is_read_through_its_provider(
    run: RunAlgorithm, scene: Path, project: Any, tmp_path: Path
) -> None:
    from qgis.core import QgsRasterDataProvider, QgsRasterLayer

    ground = QgsRasterLayer(str(scene), "ground")
    project.addMapLayer(ground)
    one = QgsRasterDataProvider.VirtualRasterInputLayers()
    one.name, one.uri, one.provider = "ground", str(scene), "gdal"
    half = QgsRasterDataProvider.VirtualRasterParameters()
    half.crs, half.extent, half.width, half.height = ground.crs(), ground.extent(), 500, 500
    half.formula, half.rInputLayers = '"ground@1"', [one]
    layer = QgsRasterLayer(QgsRasterDataProvider.encodeVirtualRasterProviderUri(half), "half", "virtualraster")
    assert layer.isValid(), layer.error().summary()
    project.addMapLayer(layer)
    given = {"INPUT": layer, "BANDS": [1, 1, 1], "RANGE": "0,255", "OUTPUT": tmp_path / "classes.tif"}
    done = run("segmentraster", given)
    assert done.ok, done.log
    assert (done.layers["OUTPUT"].width(), done.layers["OUTPUT"].height()) == (500, 500)
    assert done.layers["OUTPUT"].extent() == layer.extent()
