"""The list of models: files are tried and asked about before they are in it, and others' are fetched from a server."""

from __future__ import annotations

import hashlib
import io
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from interface import tasks_are_over, until  # noqa: E402 - after the check for QGIS
from within import REPO  # noqa: E402

CARD = {"bands": ["red", "green", "blue"], "gsd": 0.5, "scale": 255}


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory, interpreter: Path) -> Path:
    """A network of three classes that says nothing of itself."""
    path = tmp_path_factory.mktemp("bare") / "theirs.onnx"
    code = "import sys; sys.path[:0] = ['tests', 'tests/model']; from test_public_models import published, onnx; "
    code += "onnx.save(published(3), sys.argv[1])"
    subprocess.run([str(interpreter), "-c", code, str(path)], cwd=REPO, check=True)
    return path


class Handler(BaseHTTPRequestHandler):
    """Gives `server.body`, all of it, half of it, one half and then nothing more, or another file."""

    def do_GET(self) -> None:
        body = self.server.body if self.path != "/waits" else bytes(4_000_000)
        half = len(body) // 2
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/whole")
            self.end_headers()
            return
        if self.path == "/gone":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if self.path == "/whole" else body[:half])
        self.wfile.flush()
        with suppress(OSError):  # the other side has had enough
            while self.path == "/waits" and not self.server.go_on.wait(0.05):  # Qt tells of no progress that is too new
                self.wfile.write(bytes(100))
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(bare: Path) -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.body, server.go_on = bare.read_bytes(), threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.go_on.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of added models, empty."""
    monkeypatch.setenv("AERIALSEG_MODELS", str(tmp_path / "added"))
    return tmp_path / "added"


@pytest.fixture
def window(plugin: Any, folder: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The window with all models, closed afterwards; the settings are as at first."""
    from aerialseg.plugin import settings
    from aerialseg.plugin.gui.dlg_models import ModelsDialog
    from qgis.PyQt import sip

    window = ModelsDialog()
    window.show()
    yield window
    window.reject()
    until(tasks_are_over)
    sip.delete(window)
    settings.save(settings.Settings())


def offer(window: Any, server: Any, path: str, sha256: str = "") -> Any:
    """A published model at that path of the server, chosen in the window."""
    from aerialseg.plugin.public_models import PublicModel

    address = f"http://127.0.0.1:{server.server_address[1]}{path}"
    model = PublicModel("theirs", "Three.", ("a", "b", "c"), "0.5 m", "mit", 0, address, "https://x.y", sha256, CARD)
    window._public = {"theirs": model}
    window.reload("theirs")
    assert window.name() == "theirs"
    return model


def fetch(window: Any) -> None:
    """Press the button, and wait until it has ended."""
    assert window.fetch.isEnabled()
    window.fetch.click()
    until(lambda: window.cancel.isHidden(), window.fetcher.ended)


def nothing_is_left(window: Any, folder: Path) -> bool:
    added = list(folder.glob("*")) if folder.exists() else []
    return not added and "theirs" not in window._models and window.progress.isHidden() and window.fetch.isEnabled()


@pytest.mark.parametrize("path", ["/whole", "/moved"])
def test_published_model_is_fetched_tried_and_added(window: Any, server: Any, folder: Path, path: str) -> None:
    offer(window, server, path)
    assert "Nobody of aerialseg has run this file" in window.detail.text()
    told: list[str] = []
    window.changed.connect(told.append)
    fetch(window)
    assert (window.error.text(), told) == ("", ["theirs"])
    assert [path.name for path in folder.iterdir()] == ["theirs.onnx"]
    model = window._models["theirs"]
    assert ([one.name for one in model.classes], model.licence, model.gsd_range) == (["a", "b", "c"], "mit", (0.5, 0.5))
    assert hashlib.sha256(server.body).hexdigest() in window.detail.text()
    assert window.use.isEnabled()
    window.remove.click()
    assert nothing_is_left(window, folder) or window.name() != "theirs"
    assert not list(folder.iterdir())


def test_file_must_be_the_one_that_its_publisher_names(window: Any, server: Any, folder: Path) -> None:
    offer(window, server, "/whole", sha256="0" * 64)
    fetch(window)
    assert f"{hashlib.sha256(server.body).hexdigest()}, not {'0' * 64}" in window.error.text()
    assert nothing_is_left(window, folder)
    assert window.trust.isHidden()
    offer(window, server, "/whole", sha256=hashlib.sha256(server.body).hexdigest())
    fetch(window)
    assert "theirs" in window._models


def test_model_is_taken_out_of_the_archive_that_it_is_published_in(window: Any, server: Any, folder: Path) -> None:
    network, archive = server.body, io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("theirs/model.onnx", network)
    model = offer(window, server, "/whole", hashlib.sha256(network).hexdigest())
    for body, member in ((network, "theirs/model.onnx"), (archive.getvalue(), "theirs/other.onnx")):
        server.body = body
        window._public = {"theirs": replace(model, member=member)}
        fetch(window)
        assert f"no archive that holds {member}" in window.error.text()
        assert nothing_is_left(window, folder)
    window._public = {"theirs": replace(model, member="theirs/model.onnx", tried=True)}
    window.reload("theirs")
    assert "aerialseg has run this file" in window.detail.text()
    fetch(window)
    assert window.error.text() == ""
    assert [path.name for path in folder.iterdir()] == ["theirs.onnx"]


def test_file_must_be_the_one_that_was_downloaded_first_until_somebody_trusts_another(
    window: Any, server: Any, folder: Path
) -> None:
    offer(window, server, "/whole")
    fetch(window)
    window.remove.click()
    server.body += b"\x72\x00"  # an empty entry of metadata: another file, the same network
    window.show_model("theirs")
    assert "must have the SHA-256" in window.detail.text()
    fetch(window)
    assert "is another file than expected" in window.error.text()
    assert nothing_is_left(window, folder)
    window.trust.click()
    fetch(window)
    assert (window.error.text(), "theirs" in window._models) == ("", True)


@pytest.mark.parametrize(("path", "said"), [("/gone", "Not Found"), ("/cut", "Connection closed")])
def test_file_that_does_not_come_is_said_in_one_sentence(
    window: Any, server: Any, folder: Path, path: str, said: str
) -> None:
    offer(window, server, path)
    fetch(window)
    assert window.error.text().startswith("127.0.0.1 does not give the file (")
    assert said in window.error.text()
    assert nothing_is_left(window, folder)


def test_page_in_the_place_of_the_file_is_refused(window: Any, server: Any, folder: Path) -> None:
    server.body = b"<html>This share has expired.</html>"
    offer(window, server, "/whole")
    fetch(window)
    assert "is no ONNX model" in window.error.text()
    assert nothing_is_left(window, folder)


def test_cancelled_download_leaves_nothing(window: Any, server: Any, folder: Path) -> None:
    offer(window, server, "/waits")
    window.fetch.click()
    until(lambda: window.progress.maximum() == 1000, window.fetcher.progressed)
    temporary = Path(window.fetcher._download.path).parent
    window.cancel.click()
    until(lambda: window.cancel.isHidden() and not temporary.exists(), window.fetcher.ended)
    assert window.status.text() == "The download was cancelled; nothing of it is left."
    assert window.error.text() == ""
    assert nothing_is_left(window, folder)


def test_closing_the_window_ends_a_download(window: Any, server: Any, folder: Path) -> None:
    offer(window, server, "/waits")
    window.fetch.click()
    until(lambda: window.progress.maximum() == 1000, window.fetcher.progressed)
    window.reject()
    until(lambda: window.fetcher._download is None)
    assert not folder.exists()


def test_what_a_file_does_not_say_is_asked_for(window: Any, bare: Path, folder: Path) -> None:
    window.add_file(str(bare))
    until(lambda: window.adder.dialog is not None)
    dialog = window.adder.dialog
    dialog.accept()
    assert dialog.error.text() == "Give 3 names, with commas between them; these are 0."
    dialog.classes.setText("roof, field, pond")
    dialog.gsd.setText("0,25")
    dialog.accept()
    until(lambda: "theirs" in window._models, window.changed)
    model = window._models["theirs"]
    assert ([one.name for one in model.classes], model.gsd_range) == (["roof", "field", "pond"], (0.25, 0.25))
    window.add_file(str(bare))
    until(lambda: "There is an added model theirs already" in window.error.text())


def test_question_that_nobody_answers_adds_nothing(window: Any, bare: Path, folder: Path) -> None:
    window.add_file(str(bare))
    until(lambda: window.adder.dialog is not None)
    window.adder.dialog.reject()
    until(tasks_are_over)
    assert not folder.exists()
    assert "theirs" not in window._models


def test_options_try_files_before_they_list_them(
    plugin: Any, bare: Path, folder: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from aerialseg.plugin import settings
    from aerialseg.plugin.gui.opt_environment import OptionsFactory
    from qgis.PyQt import sip

    request.addfinalizer(lambda: settings.save(settings.Settings()))
    town, bad = tmp_path / "town.onnx", tmp_path / "bad.onnx"
    town.write_bytes((REPO / "models" / "mbrsc-lite0.onnx").read_bytes())
    bad.write_bytes(b"no model")
    factory = OptionsFactory()
    page = factory.createWidget()
    page.add_models([str(bad), str(bare), str(town)])
    until(lambda: page.adder.dialog is not None)
    page.adder.dialog.classes.setText("roof, field, pond")
    page.adder.dialog.accept()
    until(lambda: page.models.count() == 2)
    shown = [page.models.item(row).text() for row in range(2)]
    assert shown == [str(folder / "theirs.onnx"), str(town)]
    assert "bad.onnx is no ONNX model" in page.model_error.text()
    page.apply()
    assert settings.load().models == (str(town),)
    page.models.selectAll()
    page.remove_model.click()
    assert (folder / "theirs.onnx").exists(), "nothing is done before it is confirmed"
    page.apply()
    assert settings.load().models == ()
    assert town.exists()
    assert not (folder / "theirs.onnx").exists()
    factory.close()
    until(tasks_are_over)
    sip.delete(page)


def test_sizes_are_seen_without_scrolling(window: Any) -> None:
    header = window.tree.header()
    assert header.sectionViewportPosition(4) + header.sectionSize(4) <= window.tree.viewport().width()
    assert header.sectionSize(4) >= window.fontMetrics().horizontalAdvance("145 MB")
    assert header.sectionSize(1) > 20 * window.fontMetrics().averageCharWidth()


def test_window_opens_from_the_dock_and_its_choice_is_the_docks(windows: Any, bare: Path, folder: Path) -> None:
    chooser = windows.open().header.models
    chooser.show_all()
    window = chooser.window_of_models
    published = next(iter(window._public.values()))
    window._public = {"theirs": replace(published, name="theirs", classes=("a", "b", "c"), card=CARD)}
    window.add_file(str(bare))  # by its name it is the published one, of which is known what it does not say
    until(lambda: chooser.name() == "theirs")
    window.show_model("mbrsc-lite0")
    window.use.click()
    assert chooser.name() == "mbrsc-lite0"
    assert not window.isVisible()
