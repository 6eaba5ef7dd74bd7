"""Ground that the model knows and ground that it does not: before a run, in its result, as a raster."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from support import UTM, Listener, contents, foreign_ground, ground, known_ground, read, save_model, save_scene
from webserver import serve

from aerialseg_core import batch, describe_plan, segment
from aerialseg_core.cli.main import main
from aerialseg_core.errors import Cancelled, ParameterError, RasterChangedError
from aerialseg_core.segmentation.survey import GroundSurvey

HALF = np.concatenate([ground(300, 300, 900), foreign_ground(300, 300)], axis=2)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("model") / "knows.onnx"
    save_model(path, patch=128, known=known_ground())
    return str(path)


@pytest.fixture
def silent(tmp_path: Path) -> str:
    save_model(tmp_path / "silent.onnx", patch=128)
    return str(tmp_path / "silent.onnx")


def _run(scene: Path, model: str, **options: Any) -> tuple[Any, NDArray[np.uint8], NDArray[np.uint8]]:
    unlike, confidence = scene.with_name("unlike.tif"), scene.with_name("sure.tif")
    made = segment(
        scene, scene.with_name("c.tif"), unlike=unlike, confidence=confidence, overwrite=True, model=model, **options
    )
    return made, read(unlike), read(confidence)


@pytest.mark.parametrize(
    ("pixels", "verdict"),
    [(ground(300, 400, 900), "like"), (HALF, "partly"), (foreign_ground(300, 400), "unlike")],
)
def test_plan_and_result_say_whether_the_ground_is_known(
    tmp_path: Path, model: str, pixels: NDArray[np.uint8], verdict: str
) -> None:
    scene = save_scene(tmp_path / "scene.tif", pixels)
    told = [line for line in describe_plan(scene, model=model) if line.startswith("ground")]
    assert len(told) == 1
    made = segment(scene, tmp_path / "c.tif", model=model)
    assert made.ground is not None
    assert made.ground.verdict == verdict
    assert told == [f"ground   {made.ground.text}"]


def test_the_command_tells_it_to_a_program(tmp_path: Path, model: str, capsys: pytest.CaptureFixture[str]) -> None:
    scene = save_scene(tmp_path / "scene.tif", foreign_ground(200, 200))
    given = ["segment", str(scene), "-o", str(tmp_path / "c.tif"), "--model", model, "--progress", "json"]
    for more in (["--plan"], ["--unlike", str(tmp_path / "u.tif")]):
        with pytest.raises(SystemExit, match="0"):
            main([*given, *more])
        result = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert result["ground"]["verdict"] == "unlike"
        assert result["ground"]["unlike"] == result["ground"]["windows"] > 0
    assert result["unlike"] == str(tmp_path / "u.tif")


def test_the_raster_shows_where_and_the_confidence_falls_there_alone(tmp_path: Path, model: str, silent: str) -> None:
    scene = save_scene(tmp_path / "scene.tif", HALF)
    _, unlike, confidence = _run(scene, model)
    assert (unlike[:, :200] < 150).all()
    assert (unlike[:, 400:] == 250).all()
    segment(scene, tmp_path / "plain.tif", confidence=tmp_path / "plain_sure.tif", model=silent)
    plain = read(tmp_path / "plain_sure.tif")
    known = unlike <= 99
    assert known.any()
    assert np.array_equal(confidence[known], plain[known])
    assert (confidence[:, 400:] <= np.rint(plain[:, 400:] / 20)).all()
    assert np.array_equal(read(tmp_path / "c.tif"), read(tmp_path / "plain.tif"))


def test_the_raster_lies_on_the_grid_of_the_scene_and_says_what_its_numbers_mean(tmp_path: Path, model: str) -> None:
    pixels = ground(200, 300, 900)
    pixels[:, 50:90, :120] = 0
    scene = save_scene(tmp_path / "scene.tif", pixels, nodata=0)
    _, unlike, confidence = _run(scene, model)
    assert np.array_equal(unlike == 255, (pixels == 0).all(axis=0))
    assert np.array_equal(unlike == 255, confidence == 255)
    with rasterio.open(tmp_path / "unlike.tif") as made, rasterio.open(scene) as source:
        assert (made.crs, made.transform, made.shape) == (source.crs, source.transform, source.shape)
        assert made.nodata == 255
        assert "percent" in made.descriptions[0] or "%" in made.descriptions[0]


@pytest.mark.parametrize("resolution", [{}, {"gsd": 0.7}, {"gsd": 2.0}])
def test_blocks_threads_and_memory_do_not_change_a_pixel(
    tmp_path: Path, model: str, resolution: dict[str, Any]
) -> None:
    scene = save_scene(tmp_path / "scene.tif", HALF[:, :, 100:500])
    _, *expected = _run(scene, model, threads=1, **resolution)
    for block, threads in ((1, 2), (130, 3), (1000, 2)):
        _, *found = _run(scene, model, block=block, threads=threads, **resolution)
        assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
    box = (300_050, 2_799_750, 300_350, 2_799_950)
    whole = expected[0][50:250, 50:350]
    assert np.array_equal(_run(scene, model, extent=box, **resolution)[1], whole)


def test_an_output_of_another_resolution_has_the_same_distances(tmp_path: Path, model: str) -> None:
    scene = save_scene(tmp_path / "scene.tif", HALF)
    fine, coarse = (_run(scene, model, out_gsd=gsd)[1].astype(float) for gsd in (1.0, 2.0))
    assert np.abs(fine[::2, ::2] - coarse).mean() < 2


def test_an_extent_is_what_is_looked_at(tmp_path: Path, model: str) -> None:
    scene = save_scene(tmp_path / "scene.tif", HALF)
    for left, verdict in ((300_000, "like"), (300_310, "unlike")):
        told = describe_plan(scene, model=model, extent=(left, 2_799_700, left + 290, 2_800_000))
        assert any(line.startswith(f"ground   {verdict} ") for line in told)


def test_distances_are_not_taken_for_the_confidence_of_polygons(tmp_path: Path, model: str) -> None:
    scene = save_scene(tmp_path / "scene.tif", ground(200, 200, 900))
    segment(scene, tmp_path / "c.tif", unlike=tmp_path / "u.tif", polygons=tmp_path / "p.geojson", model=model)
    found = json.loads((tmp_path / "p.geojson").read_text(encoding="utf-8"))["features"]
    assert found
    assert not any(one["properties"].get("confidence_mean") for one in found)


class Leaving(Listener):
    """Cancels a run after some windows."""

    def advance(self, n: int = 1, **state: Any) -> None:
        super().advance(n, **state)
        self.seen = getattr(self, "seen", 0) + n
        if self.seen == 16:
            self.cancel()


def test_a_run_that_was_cancelled_continues_to_the_same_bits(tmp_path: Path, model: str) -> None:
    scene = save_scene(tmp_path / "scene.tif", np.concatenate([HALF, HALF], axis=1))
    _, *expected = _run(scene, model)
    outputs = {"unlike": tmp_path / "u2.tif", "confidence": tmp_path / "k2.tif"}
    options: dict[str, Any] = {"model": model, "block": 112}
    with pytest.raises(Cancelled):
        segment(scene, tmp_path / "c2.tif", **outputs, **options, reporter=Leaving())
    assert any(name.endswith(".tif") and name.startswith(".c2.tif.blocks/2-") for name in contents(tmp_path))
    again = Listener()
    segment(scene, tmp_path / "c2.tif", **outputs, **options, reporter=again)
    assert any("continues an earlier run" in text for text in again.messages)
    assert np.array_equal(read(outputs["unlike"]), expected[0])
    assert np.array_equal(read(outputs["confidence"]), expected[1])


def test_people_are_shown_the_card_without_packed_numbers(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["models", "show", model])
    assert len(capsys.readouterr().out) < 3000


def test_a_mask_is_what_is_looked_at(tmp_path: Path, model: str) -> None:
    scene = save_scene(tmp_path / "scene.tif", np.tile(HALF, (1, 3, 1)))
    fields = [shapely.box(300_020 + 40 * k, 2_799_980, 300_050 + 40 * k, 2_799_995) for k in range(3)]
    _write_polygons(tmp_path / "few.geojson", fields)
    _write_polygons(tmp_path / "east.geojson", [shapely.box(300_310, 2_799_200, 300_600, 2_799_900)])
    for name, verdict in (("few", "like"), ("east", "unlike")):
        told = describe_plan(scene, model=model, mask=str(tmp_path / f"{name}.geojson"))
        assert any(line.startswith(f"ground   {verdict} ") for line in told)


def _write_polygons(path: Path, polygons: list[Any]) -> None:
    features = [{"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(p))} for p in polygons]
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{UTM[5:]}"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")


def test_a_model_that_tells_nothing_says_nothing(tmp_path: Path, silent: str) -> None:
    scene = save_scene(tmp_path / "scene.tif", foreign_ground(200, 200))
    assert not [line for line in describe_plan(scene, model=silent) if line.startswith("ground")]
    with pytest.raises(ParameterError, match="Leave out --unlike"):
        segment(scene, tmp_path / "c.tif", unlike=tmp_path / "u.tif", model=silent)
    assert segment(scene, tmp_path / "c.tif", model=silent).ground is None
    assert not (tmp_path / "u.tif").exists()


def test_a_folder_has_a_raster_and_a_word_for_each_scene(tmp_path: Path, model: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    save_scene(folder / "a.tif", ground(200, 200, 900))
    save_scene(folder / "b.tif", foreign_ground(200, 200))
    made = batch(folder, tmp_path / "out", unlike=True, model=model)
    assert [one.ground for one in made] == ["like", "unlike"]
    assert {"a_unlike.tif", "b_unlike.tif"} <= contents(tmp_path / "out")
    assert [one.status for one in batch(folder, tmp_path / "out", unlike=True, model=model)] == ["skipped"] * 2


@pytest.mark.parametrize(
    ("unlike", "verdict"), [(0, "like"), (16, "like"), (17, "partly"), (32, "partly"), (33, "unlike"), (49, "unlike")]
)
def test_a_scene_is_judged_by_the_share_of_strange_windows(unlike: int, verdict: str) -> None:
    found = GroundSurvey.of(49, unlike)
    assert found.verdict == verdict
    assert f"{unlike} of 49" in found.text


def test_a_scene_that_changes_on_its_server_meanwhile_is_said_to_be_changed(
    tmp_path: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GDAL_HTTP_MAX_RETRY", "0")
    tiled = {"tiled": True, "blockxsize": 64, "blockysize": 64, "compress": "deflate"}
    (tmp_path / "www").mkdir()
    save_scene(tmp_path / "www" / "scene.tif", HALF, **tiled)
    save_scene(tmp_path / "www" / "scene.tif.new", HALF[:, ::-1], **tiled)

    def plan(**how: Any) -> list[str]:
        with serve(tmp_path / "www", tmp_path / "log", **how) as site:
            describe_plan(f"{site.address}/scene.tif", model=model)
            return site.requests

    asked = plan()
    known = asked.index("GET /scene.tif bytes=0-0 206") + 1  # which state it is; what was read before, goes
    changed = 0
    for moment in range(known, len(asked), 3):
        try:
            plan(change=moment)
        except RasterChangedError:
            changed += 1
    assert changed > 1
