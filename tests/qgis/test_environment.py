"""The environment: whole or not at all, with and without a network, noticed when it breaks."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from environments import Listener, TinyEnvironment, closed_port, make_requirements, make_wheel, module, without_index

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

FOREIGN = [
    "PYTHONPATH",
    "PYTHONHOME",
    "PROJ_LIB",
    "PROJ_DATA",
    "GDAL_DATA",
    "GDAL_DRIVER_PATH",
    "LD_LIBRARY_PATH",
    "QT_PLUGIN_PATH",
]


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Any]:
    """QGIS's settings, in a file of their own."""
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QSettings

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    settings = QgsSettings()
    yield settings
    for group in ("aerialseg", "proxy"):
        settings.remove(group)


@pytest.fixture
def place(plugin_package: ModuleType, stored: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyEnvironment:
    """An environment of two tiny packages that can be made from a folder of wheels."""
    for name in [n for n in os.environ if n.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("AERIALSEG_PYTHON", raising=False)
    for name, value in without_index().items():
        monkeypatch.setenv(name, value)
    wheels = tmp_path / "räder und mehr"
    for name in ("aerialseg_tiny", "aerialseg_small", "aerialseg_trainer"):
        make_wheel(wheels, name)
    every = ("aerialseg_tiny", "aerialseg_small", "aerialseg_trainer")
    requirements = {
        "run": make_requirements(tmp_path / "run.txt"),
        "train": make_requirements(tmp_path / "train.txt", every, "train"),
    }
    monkeypatch.setattr(module("requirements"), "REQUIREMENTS", requirements)
    place = TinyEnvironment(tmp_path / "profil für mich" / "aerialseg" / "env", wheels, requirements)
    monkeypatch.setattr(module("state"), "find_environment_folder", lambda: place.folder)
    monkeypatch.setattr(module("installer"), "find_interpreter", quick_python)
    return place


@cache
def quick_python() -> Any:
    """QGIS's Python, taken for one that lends its pip where it can: an environment without pip is made in no time."""
    own = module("interpreter").find_interpreter()
    return replace(own, has_ensurepip=not own.pip or own.pip < (22, 3))


def test_environment_from_a_folder_of_wheels_works_and_nothing_else_is_left(
    place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = module("state")
    monkeypatch.setattr(module("installer"), "find_interpreter", module("interpreter").find_interpreter)
    assert state.find_environment().state is state.State.MISSING
    made = place.install(wheels=str(place.wheels))
    assert made.state is state.State.READY
    assert made.own
    assert made.extras == {"run"}
    assert state.require_python() == place.python()
    assert place.left() == ["env"]
    said = subprocess.run(
        [str(place.python()), "-c", "import aerialseg_tiny, sys; print(sys.prefix)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == str(place.folder)
    assert place.percents == sorted(place.percents)
    assert place.percents[-1] == 100
    assert any("3 packages" in line for line in place.lines)
    assert state.find_environment(probe=True) == made


def test_wheels_of_the_settings_are_taken_and_a_missing_folder_is_said(
    place: TinyEnvironment, stored: Any, tmp_path: Path
) -> None:
    stored.setValue("aerialseg/wheels", str(place.wheels))
    assert place.install().state.value == "ready"
    problem = place.problem(wheels=str(tmp_path / "not there"))
    assert "not there" in problem.text
    assert place.left() == ["env"]


def test_wheel_that_the_folder_lacks_is_named(place: TinyEnvironment) -> None:
    (place.wheels / "aerialseg_small-1.0-py3-none-any.whl").unlink()
    problem = place.problem(wheels=str(place.wheels))
    assert "aerialseg-small 1.0" in problem.text
    assert str(place.wheels) in problem.text
    assert place.left() == []


def test_without_a_network_one_sentence_is_said_and_nothing_left(
    place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed_port()}/simple")
    problem = place.problem()
    assert problem.text == "The package index cannot be reached."
    assert "folder of wheels" in problem.hint
    assert "connection broken" in problem.log
    assert place.left() == []
    assert module("state").find_environment().state.value == "missing"


def test_index_that_does_not_have_a_package_is_told_from_a_wheel_of_another_python(
    place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = Listener(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{empty.port}/simple")
    assert place.problem().text == "The package index gave no aerialseg-tiny 1.0."
    empty.close()
    monkeypatch.setenv("PIP_FIND_LINKS", str(make_wheel(tmp_path / "links", "aerialseg_tiny").parent))
    path = place.requirements["run"].file
    path.write_text("aerialseg-tiny==2.0\n", encoding="utf-8")
    assert place.problem().text.startswith("There is no wheel of aerialseg-tiny 2.0 for Python 3.")


def test_failed_set_up_gives_the_old_environment_back(place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    place.install(wheels=str(place.wheels))
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed_port()}/simple")
    place.problem()
    assert place.left() == ["env"]
    assert module("state").find_environment(probe=True).state.value == "ready"


def test_package_that_does_not_import_fails_the_set_up(place: TinyEnvironment) -> None:
    make_wheel(place.wheels, "aerialseg_small", code="import no_such_library")
    problem = place.problem(wheels=str(place.wheels))
    assert "aerialseg_small does not import (ModuleNotFoundError: No module named 'no_such_library')" in problem.text
    assert place.left() == []


def test_cancel_while_pip_waits_ends_it_within_two_seconds_and_leaves_nothing(
    place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qgis.core import QgsFeedback

    feedback, moment = QgsFeedback(), []

    def cancel() -> None:
        moment.append(time.monotonic())
        feedback.cancel()

    silent_index = Listener(None, cancel)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{silent_index.port}/simple")
    problem = place.problem(feedback=feedback)
    took = time.monotonic() - moment[0]
    silent_index.close()
    assert isinstance(problem, module("problem").SetUpCancelled)
    assert took < 2
    assert silent_index.hung_up.wait(5), "pip keeps running"
    assert place.left() == []


@pytest.mark.parametrize(
    ("sign", "next_step"),
    [("Making an environment", "Installing"), ("Looking in links", "Trying it"), ("Trying it", "")],
)
def test_cancel_at_any_step_leaves_what_was_there(place: TinyEnvironment, sign: str, next_step: str) -> None:
    from qgis.core import QgsFeedback

    place.install(wheels=str(place.wheels))
    before = (place.folder / "aerialseg.json").read_bytes(), place.folder.stat().st_ino
    feedback = QgsFeedback()
    place.lines.clear()
    problem = place.problem(
        wheels=str(place.wheels), feedback=feedback, on_line=lambda line: sign in line and feedback.cancel()
    )
    assert isinstance(problem, module("problem").SetUpCancelled)
    assert place.left() == ["env"]
    assert ((place.folder / "aerialseg.json").read_bytes(), place.folder.stat().st_ino) == before
    assert not next_step or not any(line.startswith(next_step) for line in place.lines), "it went on"


def test_what_a_killed_qgis_left_is_no_environment_and_is_cleared_away(place: TinyEnvironment) -> None:
    state = module("state")
    half, old = place.folder / "bin", place.folder.parent / ".new-abc" / "tmp"
    half.mkdir(parents=True)
    old.mkdir(parents=True)
    (half / "python").symlink_to("/usr/bin/python3")
    assert state.find_environment().state is state.State.MISSING
    place.install(wheels=str(place.wheels))
    assert place.left() == ["env"]
    assert state.find_environment(probe=True).state is state.State.READY


def test_two_set_ups_at_a_time_are_refused(place: TinyEnvironment) -> None:
    problems = []

    def second(line: str) -> None:
        if "Trying" in line:
            problems.append(place.problem(wheels=str(place.wheels)))

    assert place.install(wheels=str(place.wheels), on_line=second).state.value == "ready"
    assert [p.text for p in problems] == ["Another set-up is running in this profile."]


def test_training_replaces_running_and_serves_both(place: TinyEnvironment) -> None:
    state = module("state")
    place.install(wheels=str(place.wheels))
    with pytest.raises(state.EnvironmentProblem, match="Training is not installed"):
        state.require_python("train")
    place.install("train", wheels=str(place.wheels))
    assert state.require_python("train") == state.require_python("run") == place.python()


def test_training_is_refused_for_a_python_without_tensorflow(
    place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module("installer"), "find_other_python", lambda required, *, folder: None)
    place.requirements["train"] = replace(place.requirements["train"], newest_python=(3, 10))
    problem = place.problem("train", wheels=str(place.wheels))
    assert "TensorFlow" in problem.text
    assert "No other Python was found on this machine, and none could be fetched." in problem.text
    assert "train.txt" in problem.hint
    assert place.left() == []
    state = module("state")
    place.install(wheels=str(place.wheels))
    with pytest.raises(state.EnvironmentProblem, match="Training is not installed"):
        state.require_python("train")


def test_training_takes_another_python_of_this_machine(place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    place.requirements["train"] = replace(place.requirements["train"], newest_python=(3, 10))
    asked: list[Path] = []

    def find(required: Any, *, folder: Path) -> Any:
        asked.append(folder)
        return quick_python()

    monkeypatch.setattr(module("installer"), "find_other_python", find)
    assert place.install("train", wheels=str(place.wheels)).state is module("state").State.READY
    assert asked == [place.folder.with_name("python")]
    assert any("Training needs TensorFlow" in line for line in place.lines)


UV = """
import os, sys
told = sys.argv
assert told[1:3] == ["python", "install"] and "--no-bin" in told and "--no-config" in told
place = os.path.join(told[told.index("--install-dir") + 1], "cpython-" + told[-1] + ".0-test", "bin")
os.makedirs(place)
os.symlink(sys.executable, os.path.join(place, "python" + told[-1]))
"""


def test_training_fetches_a_python_by_uv(place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module("installer"), "find_other_python", lambda required, *, folder: None)
    place.requirements["train"] = replace(place.requirements["train"], newest_python=(3, 10))
    make_wheel(place.wheels, "uv", code=UV)
    pins = place.wheels / "uv.txt"
    pins.write_text("uv==1.0\n", encoding="utf-8")
    monkeypatch.setattr(module("requirements"), "UV", replace(module("requirements").UV, file=pins))
    monkeypatch.setattr(module("installer"), "examine", lambda path: quick_python())
    assert place.install("train", wheels=str(place.wheels)).state is module("state").State.READY
    assert "Fetching Python 3.10" in place.lines
    assert sorted(place.left()) == ["env", "install.lock", "python"] or sorted(place.left()) == ["env", "python"]


def test_changed_pins_make_it_outdated_and_the_same_set_up_repairs_it(place: TinyEnvironment) -> None:
    state, path = module("state"), place.requirements["run"].file
    place.install(wheels=str(place.wheels))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert state.find_environment().state is state.State.READY, "line ends are no change"
    path.write_text("aerialseg-tiny==1.0\naerialseg-small==2.0\n", encoding="utf-8")
    assert state.find_environment().state is state.State.OUTDATED
    with pytest.raises(state.EnvironmentProblem, match="Repair"):
        state.require_python()
    make_wheel(place.wheels, "aerialseg_small", "2.0")
    assert place.install(wheels=str(place.wheels)).state is state.State.READY
    assert (place.packages() / "aerialseg_small-2.0.dist-info").is_dir()
    assert not (place.packages() / "aerialseg_small-1.0.dist-info").exists()


def test_environment_that_lost_its_python_is_broken(place: TinyEnvironment) -> None:
    state = module("state")
    place.install(wheels=str(place.wheels))
    link = place.folder / "bin" / os.readlink(place.python())
    link = place.python() if not link.is_symlink() else link
    link.unlink()
    link.symlink_to("/usr/bin/python3.99")  # what an update of QGIS leaves
    found = state.find_environment()
    assert found.state is state.State.BROKEN
    assert "is gone" in found.detail
    with pytest.raises(state.EnvironmentProblem, match="Repair"):
        state.require_python()
    assert place.install(wheels=str(place.wheels)).state is state.State.READY


def test_environment_whose_launcher_is_there_and_whose_python_is_gone_is_broken(place: TinyEnvironment) -> None:
    # On Windows python.exe of an environment is a file of its own that starts the one in `home`.
    state = module("state")
    place.install(wheels=str(place.wheels))
    config = place.folder / "pyvenv.cfg"
    config.write_text(config.read_text().replace("/usr/bin", "/opt/no such QGIS"), encoding="utf-8")
    assert state.find_environment().state is state.State.BROKEN


def test_environment_that_lost_a_package_is_broken_when_it_is_looked_at(place: TinyEnvironment) -> None:
    state = module("state")
    place.install(wheels=str(place.wheels))
    (place.packages() / "aerialseg_small.py").unlink()
    found = state.find_environment(probe=True)
    assert found.state is state.State.BROKEN
    assert found.detail.startswith("aerialseg_small does not import")


def test_python_without_ensurepip_lends_its_pip(place: TinyEnvironment) -> None:
    if quick_python().has_ensurepip:
        pytest.skip("QGIS's Python has no pip of 22.3 or newer to lend")
    assert place.install(wheels=str(place.wheels)).state.value == "ready"
    assert not list(place.packages().glob("pip-*"))


def test_python_without_ensurepip_and_pip_names_the_package_of_debian(
    place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(quick_python(), has_ensurepip=False, pip=None)
    monkeypatch.setattr(module("installer"), "find_interpreter", lambda: bare)
    problem = place.problem(wheels=str(place.wheels))
    assert "apt install python3-venv" in problem.hint
    assert place.left() == []


def test_disk_without_room_is_said_before_anything_is_done(place: TinyEnvironment) -> None:
    place.requirements["run"] = replace(place.requirements["run"], megabytes=10**9)
    problem = place.problem(wheels=str(place.wheels))
    assert "MB" in problem.text
    assert place.lines == ["Making"] or not any("Installing" in line for line in place.lines)
    assert place.left() == []


def test_profile_that_cannot_be_written_is_said(place: TinyEnvironment, tmp_path: Path) -> None:
    (tmp_path / "profil für mich").write_text("a file in the way", encoding="utf-8")
    assert "cannot be written" in place.problem(wheels=str(place.wheels)).text


@pytest.mark.parametrize("by", ["variable", "setting"])
def test_named_interpreter_wins_and_nothing_is_installed_into_it(
    place: TinyEnvironment, stored: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, by: str
) -> None:
    state = module("state")
    place.install(wheels=str(place.wheels))
    own = place.python()
    place.folder = tmp_path / "other" / "env"  # from now on the first one is somebody's own
    if by == "variable":
        monkeypatch.setenv("AERIALSEG_PYTHON", str(own))
        stored.setValue("aerialseg/python", "/not/this/one")
    else:
        stored.setValue("aerialseg/python", str(own))
    found = state.find_environment(probe=True)
    assert (found.state, found.own, found.extras) == (state.State.READY, False, {"run"})
    assert state.require_python() == own
    with pytest.raises(state.EnvironmentProblem, match=r"lacks what training needs.* pip install -r .*train\.txt"):
        state.require_python("train")
    problem = place.problem(wheels=str(place.wheels))
    assert "installs nothing into it" in problem.text
    assert place.left() == []


def test_named_interpreter_that_lacks_packages_or_is_not_there_is_said(
    place: TinyEnvironment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    state = module("state")
    monkeypatch.setenv("AERIALSEG_PYTHON", "/usr/bin/python3")
    with pytest.raises(state.EnvironmentProblem) as lacking:
        state.require_python()
    assert lacking.value.text == "/usr/bin/python3 lacks aerialseg_tiny, aerialseg_small."
    assert f"/usr/bin/python3 -m pip install -r {place.requirements['run'].file}" in lacking.value.hint
    monkeypatch.setenv("AERIALSEG_PYTHON", "/no/such/python")
    with pytest.raises(state.EnvironmentProblem, match="/no/such/python that is named in AERIALSEG_PYTHON"):
        state.require_python()
    fake = tmp_path / "fake python"
    fake.write_text("#!/bin/sh\necho I am no Python >&2; exit 3\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("AERIALSEG_PYTHON", str(fake))
    with pytest.raises(state.EnvironmentProblem, match="does not work as a Python: I am no Python"):
        state.require_python()


def test_unreadable_mark_means_not_set_up(place: TinyEnvironment) -> None:
    state = module("state")
    place.install(wheels=str(place.wheels))
    mark = place.folder / "aerialseg.json"
    for text in ("", "[]", '{"kit": "other"}', "\x00"):
        mark.write_text(text, encoding="utf-8")
        assert state.find_environment().state is state.State.MISSING


def test_mark_tells_what_was_installed(place: TinyEnvironment) -> None:
    place.install(wheels=str(place.wheels))
    mark = json.loads((place.folder / "aerialseg.json").read_text(encoding="utf-8"))
    assert mark["kit"] == "run"
    assert mark["requirements"] == place.requirements["run"].digest()


def test_pip_goes_through_the_proxy_of_qgis_and_its_password_is_nowhere(place: TinyEnvironment, stored: Any) -> None:
    refusing = Listener(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    use_proxy(stored, refusing.port)
    problem = place.problem()
    refusing.close()
    assert refusing.requests[0].startswith("CONNECT ")
    assert "Proxy-Authorization: Basic bnV0emVyOmdlaCBAOmVpbQ==" in refusing.requests[0]  # nutzer:geh @:eim
    assert problem.text == "The proxy refused the user or the password."
    assert any(f"nutzer:***@127.0.0.1:{refusing.port}" in line for line in place.lines)
    everything = "\n".join([*place.lines, problem.log, str(problem)])
    assert "geh @" not in everything
    assert "geh%20" not in everything
    assert place.left() == []


def test_proxy_that_is_not_there_is_named_as_the_cause(place: TinyEnvironment, stored: Any) -> None:
    use_proxy(stored, closed_port())
    assert place.problem().text == "The proxy did not let pip through."


def use_proxy(stored: Any, port: int) -> None:
    for name, value in {
        "proxyEnabled": True,
        "proxyType": "HttpProxy",
        "proxyHost": "127.0.0.1",
        "proxyPort": str(port),
        "proxyUser": "nutzer",
        "proxyPassword": "geh @:eim",
    }.items():
        stored.setValue(f"proxy/{name}", value)


def test_proxy_takes_its_login_from_an_authentication_configuration(plugin_package: ModuleType, stored: Any) -> None:
    from qgis.core import QgsApplication, QgsAuthMethodConfig

    manager = QgsApplication.authManager()
    if manager.isDisabled() or not manager.setMasterPassword("a master password", True):
        pytest.skip(f"this QGIS keeps no passwords: {manager.disabledMessage()}")
    config = QgsAuthMethodConfig()
    config.setName("proxy")
    config.setMethod("Basic")
    config.setConfig("username", "from the store")
    config.setConfig("password", "s3cret")
    assert manager.storeAuthenticationConfig(config)[0]
    use_proxy(stored, 3128)
    stored.setValue("proxy/authcfg", config.id())
    proxy = module("proxy").find_proxy()
    assert (proxy.user, proxy.password) == ("from the store", "s3cret")
    assert proxy.format_address() == "http://from%20the%20store:s3cret@127.0.0.1:3128"


def test_workers_and_pip_get_none_of_the_paths_of_qgis(
    plugin_package: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from importlib import import_module

    for name in FOREIGN:
        monkeypatch.setenv(name, "/of/qgis")
    monkeypatch.setenv("PIP_TARGET", "/somewhere/else")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.invalid/simple")
    processes = import_module("aerialseg.plugin.processes")
    assert not set(FOREIGN) & set(processes.make_clean_environment())
    given = module("installer").make_pip_environment(None, tmp_path)
    assert not set(FOREIGN) & set(given)
    assert "PIP_TARGET" not in given
    assert given["PIP_INDEX_URL"] == "https://index.invalid/simple", "the user's own configuration stays"
    assert given["TMPDIR"] == str(tmp_path)


def test_settings_come_back_as_they_were(plugin_package: ModuleType, stored: Any) -> None:
    from importlib import import_module

    settings = import_module("aerialseg.plugin.settings")
    assert settings.load() == settings.Settings()
    for models in ((), ("/a b/ü.onnx",), ("/a,b.onnx", "/c.onnx")):
        kept = settings.Settings(python="/x/python", wheels="", models=models)
        settings.save(kept)
        assert settings.load() == kept
    settings.save(settings.Settings())
    assert not stored.contains("aerialseg/python")
