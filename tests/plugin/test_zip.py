"""The plugin's archive: what QGIS and plugins.qgis.org ask of it, the same bytes every time, and clear refusals."""

from __future__ import annotations

import configparser
import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
SOURCES = ("__init__.py", "metadata.txt", "LICENSE", "README.md", "CHANGELOG.md", "plugin", "aerialseg_core", "docs")
TEXT = {".py", ".txt", ".md", ".svg", ".ts", ".toml", ".html", ".css", ".json", ".typed", ".ui", ".qml", ""}


def script(name: str, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the project as make does."""
    command = [sys.executable, str(REPO / "scripts" / name), *map(str, arguments)]
    environment = {**os.environ, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def built(folder: Path, *arguments: str | Path) -> Path:
    done = script("build_plugin.py", "--output", folder, *arguments)
    assert done.returncode == 0, done.stderr
    (archive,) = folder.iterdir()
    return archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("plugin"))


@pytest.fixture(scope="module")
def opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(archive) as plugin:
        yield plugin


@pytest.fixture(scope="module")
def names(opened: zipfile.ZipFile) -> set[str]:
    """Names inside the top folder."""
    return {name.partition("/")[2] for name in opened.namelist()}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what is packed, outside of git, with a small stand-in for the model."""
    root = tmp_path / "tree"
    root.mkdir()
    for name in SOURCES:
        if (REPO / name).is_dir():
            shutil.copytree(REPO / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(REPO / name, root / name)
    (root / "models").mkdir()
    (root / "models" / "MODEL_CARD.md").write_text("# Models\n")
    (root / "models" / "small.onnx").write_bytes(b"\0model")
    return root


def refused(tree: Path, *wanted: str) -> None:
    """Building fails with one line that has all of the words, and leaves nothing behind."""
    folder = tree.parent / "out"
    done = script("build_plugin.py", "--root", tree, "--output", folder)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("The plugin was not built: ")
    for word in wanted:
        assert word in done.stderr
    assert not folder.exists() or not list(folder.iterdir())


def test_name_carries_the_version_of_the_metadata(archive: Path, opened: zipfile.ZipFile) -> None:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read_string(opened.read("aerialseg/metadata.txt").decode())
    assert archive.name == f"aerialseg-{metadata['general']['version']}.zip"
    for key in [
        "name",
        "qgisMinimumVersion",
        "description",
        "about",
        "version",
        "author",
        "email",
        "repository",
        "tracker",
    ]:
        assert metadata["general"][key].strip(), key
    assert f"aerialseg/{metadata['general']['icon']}" in opened.namelist()


def test_one_ascii_folder_is_at_the_top_and_no_second_metadata_misleads_the_installer(opened: zipfile.ZipFile) -> None:
    found = opened.namelist()
    assert {name.split("/")[0] for name in found} == {"aerialseg"}
    assert all(name.isascii() and ".." not in name and "\\" not in name for name in found)
    assert [name for name in found if name.endswith("metadata.txt")] == ["aerialseg/metadata.txt"]
    assert len(found) == len(set(found))
    assert opened.testzip() is None


def test_every_python_file_of_plugin_and_core_is_in_it_and_compiles(opened: zipfile.ZipFile, names: set[str]) -> None:
    code = {
        path.relative_to(REPO).as_posix()
        for part in ("plugin", "aerialseg_core")
        for path in (REPO / part).rglob("*.py")
        if not any(p.startswith(".") for p in path.relative_to(REPO).parts)
    }
    assert len(code) > 100
    assert code | {"__init__.py"} == {name for name in names if name.endswith(".py")}
    for name in code:
        compile(opened.read(f"aerialseg/{name}"), name, "exec", dont_inherit=True)


def test_what_the_code_reads_is_in_it(names: set[str]) -> None:
    kinds = {".toml", ".html", ".css", ".typed", ".json", ".svg", ".txt", ".ts", ".qm", ".ui", ".png", ".tif", ".md"}
    data = {
        path.relative_to(REPO).as_posix()
        for part in ("plugin", "aerialseg_core")
        for path in (REPO / part).rglob("*")
        if path.suffix in kinds
    }
    assert data <= names
    assert {"LICENSE", "plugin/LICENSE", "README.md", "CHANGELOG.md", "models/MODEL_CARD.md"} <= names
    assert {f"models/{path.name}" for path in (REPO / "models").glob("*.onnx")} <= names
    pages = {path.relative_to(REPO).as_posix() for path in (REPO / "docs" / "qgis").rglob("*.[mp][dn]*")}
    assert pages <= names


def test_the_two_licences_are_the_ones_of_their_parts(opened: zipfile.ZipFile) -> None:
    assert "MIT License" in opened.read("aerialseg/LICENSE").decode()
    assert "GNU GENERAL PUBLIC LICENSE" in opened.read("aerialseg/plugin/LICENSE").decode()


def test_nothing_is_in_it_that_does_not_belong(opened: zipfile.ZipFile, names: set[str]) -> None:
    forbidden = r"(^|/)\.|__pycache__|__MACOSX|\.py[co]$|\.keras$|^tests/|^scripts/|^benchmarks/|\.git"
    assert not [name for name in names if re.search(forbidden, name)]
    known = {"aerialseg_core", "docs", "models", "plugin"}
    assert {name.split("/")[0] for name in names if "/" in name} == known
    for name in names:
        if Path(name).suffix in TEXT:
            assert b"\0" not in opened.read(f"aerialseg/{name}"), name
        else:
            assert Path(name).suffix in {".onnx", ".png", ".qm", ".tif"}, name


def test_links_between_the_pages_lead_somewhere_inside(opened: zipfile.ZipFile, names: set[str]) -> None:
    dead = []
    for page in (name for name in names if name.startswith("docs/qgis/") and name.endswith(".md")):
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", opened.read(f"aerialseg/{page}").decode()):
            if os.path.normpath(f"{os.path.dirname(page)}/{target}") not in names:
                dead.append(f"{page}: {target}")
    assert not dead


@pytest.mark.slow
def test_a_training_starts_from_the_shipped_model_with_what_is_in_it(archive: Path, tmp_path: Path) -> None:
    """The core out of the archive, and nothing of this tree: every layer is taken from the model in the archive."""
    pytest.importorskip("keras")
    with zipfile.ZipFile(archive) as plugin:
        plugin.extractall(tmp_path)
    code = (
        "import aerialseg_core\n"
        "from aerialseg_core.model.registry import load_model\n"
        "from aerialseg_core.training import networks, warm_start\n"
        "model = load_model('mbrsc-lite0')\n"
        "fresh = networks.build('lite0', 3, len(model.card.classes), weights='random')\n"
        "print(aerialseg_core.__file__, model.path, sep='\\n')\n"
        "print(warm_start.transfer_weights(fresh, 'mbrsc-lite0', model.card.classes.names))\n"
    )
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'aerialseg')!r})\n{code}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    core, model, told = done.stdout.splitlines()
    assert all(Path(path).is_relative_to(tmp_path) for path in (core, model))
    fitting, layers = re.search(r"(\d+) of (\d+) layers", told).groups()
    assert fitting == layers


def test_it_is_small_enough_for_the_repository_of_plugins(archive: Path) -> None:
    assert archive.stat().st_size < 25_000_000


def test_two_builds_have_the_same_bytes(archive: Path, opened: zipfile.ZipFile, tmp_path: Path) -> None:
    again = built(tmp_path)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(archive.read_bytes()).digest()
    members = opened.infolist()
    assert [m.filename for m in members] == sorted(m.filename for m in members)
    assert {m.date_time for m in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {m.external_attr >> 16 for m in members} == {stat.S_IFREG | 0o644}


def test_times_permissions_and_umask_of_the_tree_do_not_matter(tree: Path, tmp_path: Path) -> None:
    first = built(tmp_path / "a", "--root", tree).read_bytes()
    os.utime(tree / "plugin" / "models.py", (1, 1_500_000_000))
    (tree / "plugin" / "models.py").chmod(0o600)
    assert built(tmp_path / "b", "--root", tree).read_bytes() == first


def test_leftovers_of_python_systems_and_editors_stay_out(tree: Path, tmp_path: Path) -> None:
    first = built(tmp_path / "a", "--root", tree).read_bytes()
    for name in ("plugin/__pycache__/x.pyc", "plugin/.DS_Store", ".git/config", "plugin/x.pyc", "__MACOSX/plugin/x.py"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(b"\0")
    (tree / "models" / "small.keras").write_bytes(b"\0")
    assert built(tmp_path / "b", "--root", tree).read_bytes() == first


def test_what_git_ignores_stays_out_and_what_it_would_track_comes_in(tree: Path, tmp_path: Path) -> None:
    git = ["git", "-C", str(tree)]
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    subprocess.run([*git, "init", "-q"], check=True)
    (tree / ".gitignore").write_text("*_mine.py\n")
    (tree / "plugin" / "notes_mine.py").write_text("")
    (tree / "plugin" / "fresh.py").write_text("")
    with zipfile.ZipFile(built(tmp_path / "a", "--root", tree)) as plugin:
        found = plugin.namelist()
    assert "aerialseg/plugin/fresh.py" in found
    assert "aerialseg/plugin/notes_mine.py" not in found


@pytest.mark.parametrize("key", ["name", "qgisMinimumVersion", "about", "author", "email", "repository", "tracker"])
def test_a_key_that_the_metadata_lacks_is_named(tree: Path, key: str) -> None:
    metadata = tree / "metadata.txt"
    metadata.write_text(re.sub(f"(?m)^{key}=", f"no{key}=", metadata.read_text(encoding="utf-8")), encoding="utf-8")
    refused(tree, f"metadata.txt has no {key}.")


@pytest.mark.parametrize("text", ["", "name=aerialseg\n", "[general]\nname\n"])
def test_metadata_that_cannot_be_read_is_said(tree: Path, text: str) -> None:
    (tree / "metadata.txt").write_text(text)
    refused(tree, "metadata.txt cannot be read")


def test_a_version_that_is_none_is_said(tree: Path) -> None:
    metadata = tree / "metadata.txt"
    metadata.write_text(re.sub("(?m)^version=.*", "version=soon/../x", metadata.read_text(encoding="utf-8")))
    refused(tree, "'soon/../x'")


@pytest.mark.parametrize(
    "name", ["LICENSE", "plugin/LICENSE", "models/MODEL_CARD.md", "models/small.onnx", "plugin/icons/aerialseg.svg"]
)
def test_a_file_that_must_be_there_is_named(tree: Path, name: str) -> None:
    (tree / name).unlink()
    refused(tree, "models/*.onnx" if name.endswith(".onnx") else name, "missing")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plugin/fast.so", b"\x7fELF\0", "is of no kind that belongs"),
        ("aerialseg_core/data.npy", b"\0", "is of no kind that belongs"),
        ("plugin/notes.txt", b"a\0b", "is a binary file"),
        ("plugin/wrong.py", b"def", "is no Python: line 1"),
        ("plugin/straße.py", b"", "letters beyond ASCII"),
    ],
)
def test_a_file_that_does_not_belong_is_named(tree: Path, name: str, content: bytes, words: str) -> None:
    (tree / name).write_bytes(content)
    refused(tree, name, words)


def test_a_link_is_refused(tree: Path) -> None:
    (tree / "plugin" / "elsewhere.py").symlink_to(tree / "__init__.py")
    refused(tree, "plugin/elsewhere.py is a link")


def test_an_archive_that_is_too_large_is_refused_and_the_earlier_one_stays(tree: Path) -> None:
    folder = tree.parent / "out"
    before = built(folder, "--root", tree)
    content = before.read_bytes()
    (tree / "models" / "small.onnx").write_bytes(os.urandom(25_000_000))
    done = script("build_plugin.py", "--root", tree, "--output", folder)
    assert done.returncode == 1
    assert "less than 25 are allowed" in done.stderr
    assert [path.name for path in folder.iterdir()] == [before.name]
    assert before.read_bytes() == content


PLANTED = {
    "code.py": "eval(input())\n",
    "key.txt": "key = 'AKIA" + "IOSFODNN7EXAMPLE'\n",
    "name.py": "print(nobody_knows)\n",
}
"""Content that each of the tools finds, by file."""


def test_the_archive_passes_the_scan_of_the_plugin_repository(archive: Path) -> None:
    done = script("scan_plugin.py", archive)
    assert (done.returncode, done.stdout) == (0, "bandit, detect-secrets, flake8: no findings\n"), done.stdout


def test_the_scan_fails_on_what_each_tool_finds(tmp_path: Path) -> None:
    plugin = tmp_path / "plugin.zip"
    with zipfile.ZipFile(plugin, "w") as target:
        for name, content in PLANTED.items():
            target.writestr(f"aerialseg/{name}", content)
    done = script("scan_plugin.py", plugin)
    assert done.returncode == 1
    *findings, total = done.stdout.splitlines()
    assert [line.split(": ")[0] for line in findings] == [f"aerialseg/{name}:1" for name in ("code.py", "key.txt")] + [
        "aerialseg/name.py:1:7"
    ]
    assert total == "bandit, detect-secrets, flake8: 3 findings"


def test_the_scan_takes_what_says_that_it_is_meant(tmp_path: Path) -> None:
    plugin = tmp_path / "plugin.zip"
    with zipfile.ZipFile(plugin, "w") as target:
        target.writestr("aerialseg/code.py", PLANTED["code.py"].rstrip() + "  # nosec B307\n")
        target.writestr("aerialseg/key.txt", PLANTED["key.txt"].rstrip() + "  # pragma: allowlist secret\n")
    assert script("scan_plugin.py", plugin).returncode == 0


def test_what_cannot_be_scanned_does_not_pass(tmp_path: Path) -> None:
    (tmp_path / "plugin.zip").write_bytes(b"no archive")
    done = script("scan_plugin.py", tmp_path / "plugin.zip")
    assert done.returncode == 2
    assert "plugin.zip was not scanned" in done.stderr


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The user's data folder, as XDG_DATA_HOME names it."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the folder of another system")
    return tmp_path / "data"


def test_deploy_links_once_and_undeploy_takes_it_away(data: Path) -> None:
    (data / "QGIS" / "QGIS4" / "profiles" / "default").mkdir(parents=True)
    (data / "QGIS" / "QGIS3" / "profiles" / "default").mkdir(parents=True)
    links = [data / f"QGIS/QGIS{n}/profiles/default/python/plugins/aerialseg" for n in (3, 4)]
    for _ in range(2):
        done = script("deploy.py", "link", XDG_DATA_HOME=str(data))
        assert done.returncode == 0, done.stderr
        assert [link.resolve() for link in links] == [REPO, REPO]
        assert "Next: start QGIS" in done.stdout
    assert (links[0] / "metadata.txt").is_file()
    assert script("deploy.py", "unlink", XDG_DATA_HOME=str(data)).returncode == 0
    assert not any(os.path.lexists(link) for link in links)
    assert script("deploy.py", "unlink", XDG_DATA_HOME=str(data)).stdout == "There is no link to remove.\n"


def test_deploy_before_the_first_start_of_qgis_makes_the_default_profile_only(data: Path) -> None:
    done = script("deploy.py", "link", "no such one", XDG_DATA_HOME=str(data))
    assert (done.returncode, data.exists()) == (1, False)
    assert "'no such one'" in done.stderr
    assert script("deploy.py", "link", "default", XDG_DATA_HOME=str(data)).returncode == 0
    assert (data / "QGIS/QGIS3/profiles/default/python/plugins/aerialseg").is_symlink()
    assert "There are: default." in script("deploy.py", "link", "mine", XDG_DATA_HOME=str(data)).stderr


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_deploy_touches_nothing_that_is_no_link_of_ours(data: Path, tmp_path: Path, kind: str) -> None:
    other = data / "QGIS/QGIS4/profiles/default/python/plugins/aerialseg"
    other.parent.mkdir(parents=True)
    (data / "QGIS/QGIS3/profiles/default").mkdir(parents=True)
    if kind == "folder":
        other.mkdir()
    elif kind == "file":
        other.write_text("mine")
    else:
        other.symlink_to(tmp_path / "gone")
    for action in ("link", "unlink"):
        done = script("deploy.py", action, XDG_DATA_HOME=str(data))
        assert done.returncode == 1
        assert str(other) in done.stderr
        assert done.stderr.count("\n") == 1
        assert os.path.lexists(other)
    assert not os.path.lexists(data / "QGIS/QGIS3/profiles/default/python/plugins/aerialseg")
