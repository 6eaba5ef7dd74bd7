"""The page in the options: what it shows, starts, cancels and stores, and that it may be closed at any time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from environments import module

pytest.importorskip(
    "qgis.gui", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

SECONDS = 20


def until(condition: Callable[[], bool]) -> None:
    """Let Qt do its work until something is so."""
    from qgis.PyQt.QtCore import QEventLoop, QTimer

    loop, look = QEventLoop(), QTimer()
    look.timeout.connect(lambda: condition() and loop.quit())
    look.start(10)
    QTimer.singleShot(SECONDS * 1000, lambda: loop.exit(1))
    assert condition() or loop.exec() == 0, "it did not come about in time"


class FakeSetUp:
    """Stands for the installer: waits for a word, then does as it is told."""

    def __init__(self) -> None:
        self.extras: list[str] = []
        self.go_on = threading.Event()
        self.outcome: Callable[[], Any] = lambda: None

    def __call__(self, extra: str, feedback: Any, say: Callable[[str], None]) -> Any:
        self.extras.append(extra)
        feedback.setProgress(40)
        say("Collecting affine")
        while not self.go_on.wait(0.02):
            if feedback.isCanceled():
                raise module("problem").SetUpCancelled
        return self.outcome()


@pytest.fixture
def page_module(plugin_package: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module of the page, with settings and a profile of their own and nothing set up."""
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QSettings

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    monkeypatch.delenv("AERIALSEG_PYTHON", raising=False)
    monkeypatch.setattr(module("state"), "find_environment_folder", lambda: tmp_path / "profile" / "aerialseg" / "env")
    yield import_module("aerialseg.plugin.gui.opt_environment")
    QgsSettings().remove("aerialseg")


@pytest.fixture
def set_up(page_module: Any, monkeypatch: pytest.MonkeyPatch) -> FakeSetUp:
    """In the place of the installer."""
    fake = FakeSetUp()
    monkeypatch.setattr(page_module, "install", fake)
    return fake


@pytest.fixture
def factory(page_module: Any) -> Iterator[Any]:
    """The factory, as the plugin has it while it is loaded."""
    from qgis.core import QgsApplication

    factory = page_module.OptionsFactory()
    yield factory
    factory.close()
    until(lambda: not any(factory.jobs.find(kind) for kind in ("check", "setup", "diagnose")))
    assert not QgsApplication.taskManager().activeTasks()


@pytest.fixture
def page(factory: Any) -> Iterator[Any]:
    """The page, open, after it has looked at the environment."""
    from qgis.PyQt import sip
    from qgis.PyQt.QtWidgets import QWidget

    window = QWidget()
    page = factory.createWidget(window)
    until(lambda: factory.jobs.find("check") is None)
    yield page
    if not sip.isdeleted(window):
        sip.delete(window)


def ready(state: Any, extras: set[str]) -> Any:
    return state.Environment(Path("/p/env/bin/python"), state.State.READY, True, frozenset(extras), "Python 3.12.1")


def test_fresh_profile_offers_the_set_up(page: Any, factory: Any) -> None:
    assert "not set up yet" in page.status.text()
    assert page.set_up.text() == "&Set up"
    assert page.set_up.isEnabled()
    assert page.train.isEnabled()
    assert page.cancel.isHidden()
    assert page.bar.isHidden()
    assert factory.title() == "aerialseg"
    assert not factory.icon().isNull()


def test_set_up_shows_what_it_does_and_then_the_new_state(page: Any, factory: Any, set_up: FakeSetUp) -> None:
    set_up.outcome = lambda: ready(module("state"), {"run"})
    page.set_up.click()
    until(lambda: page.line.text() == "Collecting affine")
    until(lambda: page.bar.value() == 40)
    assert not page.bar.isHidden()
    assert not page.set_up.isEnabled()
    assert not page.train.isEnabled()
    assert page.cancel.isEnabled()
    set_up.go_on.set()
    until(lambda: factory.jobs.find("setup") is None)
    assert "Ready for segmenting (Python 3.12.1" in page.status.text()
    assert page.set_up.text() == "Re&pair"
    assert page.cancel.isHidden()
    assert set_up.extras == ["run"]


def test_training_is_asked_for_by_its_button_and_kept_by_repair(page: Any, factory: Any, set_up: FakeSetUp) -> None:
    set_up.outcome = lambda: ready(module("state"), {"run", "train"})
    set_up.go_on.set()
    for button in (page.train, page.set_up):
        button.click()
        until(lambda: factory.jobs.find("setup") is None)
    assert set_up.extras == ["train", "train"]
    assert "segmenting and training" in page.status.text()
    assert not page.train.isEnabled()


def test_cancel_says_that_nothing_is_left(page: Any, factory: Any, set_up: FakeSetUp) -> None:
    page.set_up.click()
    until(lambda: page.bar.value() == 40)
    page.cancel.click()
    until(lambda: factory.jobs.find("setup") is None)
    assert "cancelled; nothing of it is left" in page.status.text()
    assert page.set_up.isEnabled()


def test_problem_is_shown_with_its_remedy(page: Any, factory: Any, set_up: FakeSetUp) -> None:
    def fail() -> None:
        raise module("problem").EnvironmentProblem("The disk <is> full.", "Make room.")

    set_up.outcome = fail
    set_up.go_on.set()
    page.set_up.click()
    until(lambda: factory.jobs.find("setup") is None)
    assert "The disk &lt;is&gt; full. Make room." in page.status.text()


def test_page_closed_while_it_sets_up_leaves_the_work_going_and_a_new_page_shows_it(
    page: Any, factory: Any, set_up: FakeSetUp
) -> None:
    from qgis.PyQt import sip
    from qgis.PyQt.QtWidgets import QWidget

    page.set_up.click()
    until(lambda: page.bar.value() == 40)
    sip.delete(page.window())
    assert sip.isdeleted(page)
    window = QWidget()
    second = factory.createWidget(window)
    assert not second.bar.isHidden()
    assert second.cancel.isEnabled()
    set_up.outcome = lambda: ready(module("state"), {"run"})
    set_up.go_on.set()
    until(lambda: factory.jobs.find("setup") is None and factory.jobs.find("check") is None)
    assert second.set_up.isEnabled()
    sip.delete(window)


def test_everything_ends_with_the_plugin(page: Any, factory: Any, set_up: FakeSetUp) -> None:
    page.set_up.click()
    until(lambda: page.bar.value() == 40)
    factory.close()
    until(lambda: factory.jobs.find("setup") is None)
    factory.close()


def test_page_stores_what_it_shows_and_shows_what_is_stored(page: Any, factory: Any, page_module: Any) -> None:
    from qgis.PyQt.QtWidgets import QWidget

    settings = import_module("aerialseg.plugin.settings")
    page.python.setFilePath("/opt/mein python/bin/python")
    page.wheels.setFilePath("/media/räder")
    page.models.addItems(["/a.onnx", "/b.onnx"])
    page.apply()
    kept = settings.Settings("/opt/mein python/bin/python", "/media/räder", ("/a.onnx", "/b.onnx"))
    assert settings.load() == kept
    window = QWidget()
    second = factory.createWidget(window)
    assert second.python.filePath() == kept.python
    assert [second.models.item(row).text() for row in range(2)] == list(kept.models)
    assert not second.set_up.isEnabled(), "an interpreter that the user named gets nothing installed"
    second.python.setFilePath("")
    assert second.set_up.isEnabled()
    second.models.selectAll()
    second.remove_model.click()
    second.apply()
    assert settings.load() == settings.Settings(wheels=kept.wheels)


def test_interpreter_of_the_variable_is_shown_and_cannot_be_changed(
    factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qgis.PyQt.QtWidgets import QWidget

    monkeypatch.setenv("AERIALSEG_PYTHON", "/opt/x/bin/python")
    window = QWidget()
    page = factory.createWidget(window)
    assert not page.python.isEnabled()
    assert page.python.lineEdit().placeholderText() == "AERIALSEG_PYTHON=/opt/x/bin/python"
    assert not page.set_up.isEnabled()
    assert "/opt/x/bin/python" in page.status.text()


def test_diagnosis_is_shown_and_copied(
    page: Any, factory: Any, page_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qgis.PyQt.QtWidgets import QApplication

    monkeypatch.setattr(page_module, "diagnose", lambda feedback: "== Versions\naerialseg 0")
    page.diagnose.click()
    until(lambda: factory.jobs.find("diagnose") is None)
    dialog = page._dialog
    assert dialog.isVisible()
    dialog.copy.click()
    assert QApplication.clipboard().text() == "== Versions\naerialseg 0"
    dialog.reject()


def test_everything_can_be_reached_by_keyboard_and_is_explained(page: Any) -> None:
    from qgis.PyQt.QtWidgets import QLabel, QPushButton

    buddies = {label.buddy() for label in page.findChildren(QLabel) if label.buddy() is not None}
    assert {page.python.lineEdit(), page.wheels.lineEdit(), page.models} <= buddies
    own = [page.set_up, page.train, page.cancel, page.add_model, page.remove_model, page.diagnose]
    assert set(own) <= set(page.findChildren(QPushButton))
    assert all(button.toolTip() and "&" in button.text() for button in own)
    keys = [b.text()[b.text().index("&") + 1].lower() for b in own]
    keys += [b.text()[b.text().index("&") + 1].lower() for b in page.findChildren(QLabel) if b.buddy() is not None]
    assert len(keys) == len(set(keys)), f"two have one key: {keys}"
