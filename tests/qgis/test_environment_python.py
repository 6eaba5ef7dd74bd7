"""QGIS's own Python is found on every system, QGIS's proxy becomes pip's, and pip's errors become sentences."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from environments import module

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app", "plugin_package")]

OSGEO = r"C:\Program Files\QGIS 3.40.4"
APP = "/Applications/QGIS-LTR.app/Contents"

FRAMEWORK = "Frameworks/Python.framework/Versions"
BREW = f"/opt/homebrew/opt/python@3.12/{FRAMEWORK}/3.12"

HOSTS = {
    # QGIS from its installer or from OSGeo4W: Python lies in apps/PythonXY.
    "windows": (
        ("win32", rf"{OSGEO}\bin\qgis-ltr-bin.exe", (rf"{OSGEO}\apps\Python312",), (3, 12)),
        rf"{OSGEO}\apps\Python312\python.exe",
    ),
    "windows, a prefix that says nothing": (
        ("win32", rf"{OSGEO}\bin\qgis-bin.exe", (OSGEO,), (3, 12)),
        rf"{OSGEO}\apps\Python312\python3.exe",
    ),
    "windows, apps/qgis": (
        ("win32", rf"{OSGEO}\apps\qgis\bin\qgis-bin.exe", (OSGEO,), (3, 9)),
        rf"{OSGEO}\apps\Python39\python.exe",
    ),
    "windows, root in a variable": (
        ("win32", r"D:\portable\qgis.exe", (r"D:\x",), (3, 12), r"E:\OSGeo4W"),
        r"E:\OSGeo4W\apps\Python312\python.exe",
    ),
    "windows, conda": (
        ("win32", r"C:\conda\envs\q\Library\bin\qgis.exe", (r"C:\conda\envs\q",), (3, 12)),
        r"C:\conda\envs\q\python.exe",
    ),
    "macos": (("darwin", f"{APP}/MacOS/QGIS", (f"{APP}/MacOS",), (3, 9)), f"{APP}/MacOS/bin/python3.9"),
    "macos, python3 only": (("darwin", f"{APP}/MacOS/QGIS", (f"{APP}/MacOS",), (3, 9)), f"{APP}/MacOS/bin/python3"),
    # Since 3.44: the library is in Frameworks, the program beside QGIS.
    "macos, 4": (("darwin", f"{APP}/MacOS/QGIS", (f"{APP}/Frameworks",), (3, 12)), f"{APP}/MacOS/python3.12"),
    "macos, framework": (
        ("darwin", f"{APP}/MacOS/QGIS", (f"{APP}/{FRAMEWORK}/3.9",), (3, 9)),
        f"{APP}/{FRAMEWORK}/3.9/bin/python3",
    ),
    "macos, homebrew": (("darwin", "/opt/homebrew/bin/qgis", (BREW,), (3, 12)), f"{BREW}/bin/python3.12"),
    "linux": (("linux", "/usr/bin/qgis.bin", ("/usr",), (3, 11)), "/usr/bin/python3.11"),
    # sys.executable of an embedded Python is whatever comes first on the PATH.
    "linux, another python on the path": (
        ("linux", "/home/me/.pyenv/shims/python3", ("/usr",), (3, 11)),
        "/usr/bin/python3.11",
    ),
    "linux, conda": (("linux", "/opt/conda/bin/python3.12", ("/opt/conda",), (3, 12)), "/opt/conda/bin/python3.12"),
}


@pytest.mark.parametrize("name", HOSTS)
def test_python_of_qgis_is_the_first_candidate_that_exists(name: str) -> None:
    interpreter = module("interpreter")
    host, python = HOSTS[name]
    there = {python, host[1], "/usr/bin/python3", "/usr/bin/env", rf"{OSGEO}\bin\python3.exe"}
    assert interpreter.list_candidates(interpreter.Host(*host), there.__contains__)[0] == python


@pytest.mark.parametrize("name", HOSTS)
def test_qgis_itself_is_never_taken_for_a_python(name: str) -> None:
    interpreter = module("interpreter")
    host = interpreter.Host(*HOSTS[name][0])
    for path in interpreter.list_candidates(host, lambda path: True):
        assert "python" in path.replace("\\", "/").rsplit("/", 1)[1]


def test_a_python_of_another_version_and_one_that_does_not_start_are_passed_over() -> None:
    interpreter, problem = module("interpreter"), module("problem").EnvironmentProblem
    host = interpreter.Host("linux", "/shims/python3", ("/usr",), (3, 11))
    version = {"/usr/bin/python3.11": None, "/usr/bin/python3": (3, 12, 1), "/shims/python3": (3, 11, 9)}

    def ask(path: str) -> Any:
        if version[path] is None:
            raise problem(f"{path} cannot be started.")
        return interpreter.Interpreter(Path(path), version[path], True, True, None)

    assert str(interpreter.find_interpreter(host, exists=version.__contains__, ask=ask).path) == "/shims/python3"
    del version["/shims/python3"]
    with pytest.raises(problem, match="QGIS's own Python was not found") as lost:
        interpreter.find_interpreter(host, exists=version.__contains__, ask=ask)
    assert "Settings → Options → aerialseg" in lost.value.hint
    assert lost.value.log == "/usr/bin/python3.11 cannot be started.\n/usr/bin/python3: Python 3.12.1"


def test_python_of_this_qgis_is_found_and_answers() -> None:
    found = module("interpreter").find_interpreter()
    assert found.version == sys.version_info[:3]
    assert found.has_venv
    assert found.path.is_file()


@pytest.mark.parametrize(
    ("version", "extra", "words"),
    [
        ((3, 9, 5), "run", "QGIS's Python is 3.9, and aerialseg needs 3.10 or newer."),
        ((3, 13, 0), "train", "QGIS's Python is 3.13."),
        ((3, 14, 1), "train", "QGIS's Python is 3.14."),
    ],
)
def test_python_without_packages_is_refused_with_another_way(version: tuple[int, ...], extra: str, words: str) -> None:
    requirements = module("requirements").REQUIREMENTS
    refused = module("interpreter").find_version_problem(version, requirements[extra])
    assert words in refused.text
    assert "Python 3.12" in refused.hint
    assert f"pip install -r {requirements[extra].file}" in refused.hint


@pytest.mark.parametrize(("version", "extra"), [((3, 10, 0), "run"), ((3, 14, 0), "run"), ((3, 12, 9), "train")])
def test_python_with_packages_is_taken(version: tuple[int, ...], extra: str) -> None:
    assert module("interpreter").find_version_problem(version, module("requirements").REQUIREMENTS[extra]) is None


def test_another_python_is_the_newest_that_has_packages_and_makes_environments(tmp_path: Path) -> None:
    interpreter, requirements = module("interpreter"), module("requirements").REQUIREMENTS
    there = {"/usr/bin/python3.12": False, "/usr/bin/python3.11": True, "/usr/bin/python3.10": True}

    def ask(path: str) -> Any:
        version = (3, int(path[-2:]), 1)
        return interpreter.Interpreter(Path(path), version, True, there.get(path, False), None)

    def find(required: Any) -> Any:
        paths = {Path(path).name: path for path in there}
        return module("other_python").find_other_python(required, folder=tmp_path, which=paths.get, ask=ask)

    assert find(requirements["train"]).path == Path("/usr/bin/python3.11"), "the one of 3.12 has no ensurepip"
    there["/usr/bin/python3.11"] = False
    assert find(requirements["run"]).path == Path("/usr/bin/python3.10")


def test_proxy_is_written_as_pip_reads_it() -> None:
    proxy = module("proxy")
    given = proxy.Proxy("http", "proxy.example", 3128, "me", "p@ss:w/rd", ("intranet", "10.0.0.1")).make_variables(
        "linux"
    )
    assert given["HTTPS_PROXY"] == given["https_proxy"] == "http://me:p%40ss%3Aw%2Frd@proxy.example:3128"
    assert given["NO_PROXY"] == "intranet,10.0.0.1"
    on_windows = proxy.Proxy("socks5h", "127.0.0.1", 1080).make_variables("win32")
    assert on_windows == dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "socks5h://127.0.0.1:1080")


def test_password_is_hidden_as_it_is_and_as_it_is_written_in_addresses() -> None:
    through = module("proxy").Proxy("http", "h", 1, "me", "a b/c")
    assert through.hide_password("me:a%20b%2Fc@h and a b/c") == "me:***@h and ***"
    assert module("proxy").Proxy("http", "h").hide_password("nothing to hide") == "nothing to hide"


@pytest.mark.parametrize(
    ("stored", "address"),
    [
        ({}, None),
        ({"proxyEnabled": False, "proxyType": "HttpProxy", "proxyHost": "h"}, None),
        ({"proxyEnabled": True, "proxyType": "DefaultProxy", "proxyHost": "h"}, None),
        ({"proxyEnabled": True, "proxyType": "HttpProxy", "proxyHost": ""}, None),
        ({"proxyEnabled": True, "proxyType": "HttpProxy", "proxyHost": "h", "proxyPort": "80"}, "http://h:80"),
        ({"proxyEnabled": "true", "proxyType": "Socks5Proxy", "proxyHost": "h", "proxyPort": ""}, "socks5h://h"),
        ({"proxyEnabled": True, "proxyType": "HttpCachingProxy", "proxyHost": "h", "proxyUser": "u"}, "http://u@h"),
    ],
)
def test_proxy_of_the_settings(stored: dict[str, Any], address: str | None, settings: Callable[..., None]) -> None:
    settings(**stored)
    found = module("proxy").find_proxy()
    assert (found and found.format_address()) == address


def test_hosts_without_proxy_of_the_settings(settings: Callable[..., None]) -> None:
    settings(
        proxyEnabled=True,
        proxyType="HttpProxy",
        proxyHost="h",
        noProxyUrls=["https://intranet.example/maps", "localhost"],
        proxyExcludedUrls="http://a.example:8080|b.example/x",
    )
    assert module("proxy").find_proxy().excluded == ("intranet.example", "localhost", "a.example", "b.example")


@pytest.fixture
def settings(tmp_path: Path) -> Any:
    """Set keys of the group `proxy`, in a file of their own."""
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QSettings

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    stored = QgsSettings()

    def put(**values: Any) -> None:
        for name, value in values.items():
            stored.setValue(f"proxy/{name}", value)

    yield put
    stored.remove("proxy")


NO_WHEEL = """\
ERROR: Could not find a version that satisfies the requirement rasterio==1.5.2 (from versions: 1.3.0, 1.4.0)
ERROR: No matching distribution found for rasterio==1.5.2"""
BROKEN = "WARNING: Retrying (Retry(total=4)) after connection broken by '{}': /simple/affine/\n" + NO_WHEEL
OS_ERROR = "ERROR: Could not install packages due to an OSError: "

COMPLAINTS = {
    NO_WHEEL: ("There is no wheel of rasterio 1.5.2 for Python 3.14", "Name a Python"),
    BROKEN.format("NewConnectionError('refused')"): ("The package index cannot be reached.", "folder of wheels"),
    BROKEN.format("ReadTimeoutError()"): ("The package index cannot be reached.", "Network"),
    BROKEN.format("ProxyError('Cannot connect to proxy.')"): ("The proxy did not let pip through.", "Network"),
    BROKEN.format("ProxyError('407 Proxy Authentication Required')"): ("The proxy refused the user", "Network"),
    BROKEN.format("SSLError('CERTIFICATE_VERIFY_FAILED')"): ("The package index shows a certificate", "PIP_CERT"),
    OS_ERROR + "Missing dependencies for SOCKS support.": ("pip cannot go through a SOCKS proxy.", "wheels"),
    OS_ERROR + "[Errno 28] No space left on device": ("The disk is full.", "room"),
    "HINT: this system does not have Windows Long Path support enabled.": ("Windows allows no", "LongPathsEnabled"),
    OS_ERROR + "[WinError 5] Access is denied: 'C:\\\\x'": ("Some files of the environment", "other windows"),
    "Collecting x\nERROR: Nobody has seen this\nnotice": (
        "The packages could not be installed: Nobody has seen this",
        "Diagnose",
    ),
    "": ("The packages could not be installed: pip said nothing", "Diagnose"),
}


@pytest.mark.parametrize("said", COMPLAINTS)
def test_what_pip_says_becomes_one_sentence_and_a_remedy(said: str) -> None:
    text, hint = COMPLAINTS[said]
    problem = module("pip_errors").explain_pip_error(said.splitlines(), python="3.14", wheels="")
    assert problem.text.startswith(text)
    assert hint in problem.hint
    assert problem.log == said


def test_home_is_written_as_a_tilde() -> None:
    hide_home = module("diagnosis").hide_home
    assert hide_home("/home/me/x and /home/me", "/home/me") == "~/x and ~"
    text = r"C:\Users\Jo and C:/Users/Jo/x and C:\\Users\\Jo\\y"
    assert hide_home(text, r"C:\Users\Jo") == r"~ and ~/x and ~\\y"
    assert hide_home("/etc", "/") == "/etc"


def test_program_is_ended_with_all_that_it_has_started(tmp_path: Path) -> None:
    programs, problem = module("programs"), module("problem")
    lines: list[str] = []
    script = tmp_path / "parent.sh"
    script.write_text("#!/bin/sh\nsleep 600 & echo $!\nwait\n", encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(problem.SetUpCancelled):
        programs.run_program([str(script)], dict(os.environ), say=lines.append, is_cancelled=lambda: bool(lines))
    assert not is_running(int(lines[0]))


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_program_that_does_not_answer_in_time_is_ended() -> None:
    programs, problem = module("programs"), module("problem")
    with pytest.raises(problem.EnvironmentProblem, match="does not answer within 0 s"):
        programs.ask_program(["sleep", "600"], dict(os.environ), seconds=0.2)
    with pytest.raises(problem.EnvironmentProblem, match="no-such-program cannot be started"):
        programs.ask_program(["no-such-program"], dict(os.environ), seconds=5)


def test_launcher_of_an_environment_is_where_each_system_has_it() -> None:
    find_python = module("state").find_python
    assert find_python(Path("e"), "win32") == Path("e/Scripts/python.exe")
    assert find_python(Path("e"), "darwin") == Path("e/bin/python")
