"""The networks, their weights on disk, their calibration and their compiled form."""

import keras
import numpy as np
import pytest
from safetensors.numpy import load as load_tensors

from scene_desktop.core.errors import ModelFileError, TrainingError
from scene_desktop.core.recipes.recipe import Network
from training.networks import architectures, calibrate, compiling, weights


@pytest.fixture(scope="module")
def lite0() -> keras.Model:
    keras.utils.set_random_seed(1)
    model = architectures.build(Network.LITE0_HEAD, 160, 6)
    weights.round_to_float16(model)
    return model


@pytest.fixture(scope="module")
def hackathon() -> keras.Model:
    keras.utils.set_random_seed(1)
    model = architectures.build(Network.HACKATHON_CNN, 150, 6)
    weights.round_to_float16(model)
    return model


@pytest.fixture(scope="module")
def compact() -> keras.Model:
    """With statistics as after a training, not the neutral ones of the start."""
    keras.utils.set_random_seed(1)
    model = architectures.build(Network.COMPACT_CNN, 80, 6)
    for _ in range(20):
        model(_noise(32, 80), training=True)
    weights.round_to_float16(model)
    return model


def _noise(count: int, size: int) -> np.ndarray:
    """Pictures from smooth to rough, uint8 `(count, size, size, 3)`."""
    random = np.random.default_rng(5)
    coarse = random.integers(0, 256, (count, 10, 10, 3), dtype=np.uint8)
    fine = random.integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    large = np.repeat(np.repeat(coarse, size // 10, axis=1), size // 10, axis=2)
    share = np.linspace(0, 1, count).reshape(-1, 1, 1, 1)
    return (large * (1 - share) + fine * share).astype(np.uint8)


def test_the_hackathon_network_is_the_one_of_the_hackathon(hackathon) -> None:
    layers = [(type(layer).__name__, layer.output.shape[1:]) for layer in hackathon.layers]
    assert layers == [
        ("InputLayer", (150, 150, 3)),
        ("Rescaling", (150, 150, 3)),
        ("Conv2D", (148, 148, 6)),
        ("MaxPooling2D", (148, 148, 6)),
        ("Conv2D", (146, 146, 12)),
        ("MaxPooling2D", (73, 73, 12)),
        ("Flatten", (63948,)),
        ("Dense", (128,)),
        ("Dense", (64,)),
        ("Dense", (32,)),
        ("Dense", (6,)),
    ]
    activations = [
        layer.activation.__name__ for layer in hackathon.layers if getattr(layer, "activation", None)
    ]
    assert activations == ["relu"] * 5 + ["softmax"]
    assert hackathon.layers[1].scale == 1 / 255
    assert hackathon.count_params() == 8_196_834


@pytest.mark.parametrize(("name", "size"), [("lite0", 160), ("hackathon", 150), ("compact", 80)])
def test_the_compiled_model_gives_the_scores_of_keras(request, name: str, size: int) -> None:
    model = request.getfixturevalue(name)
    compiled = compiling.compile_model(model)
    photos = _noise(200, size)
    assert compiling.largest_difference(model, compiled, photos) <= 1e-3
    compiling.require_agreement(model, compiled, photos)
    bytes_each = 2.2 if name == "lite0" else 4.4  # float16, or float32 where the compiler folds
    assert len(compiled) < bytes_each * model.count_params()


def test_a_compiled_model_that_differs_is_refused(hackathon) -> None:
    other = architectures.build(Network.HACKATHON_CNN, 150, 6)
    with pytest.raises(TrainingError, match="differs from the trained one"):
        compiling.require_agreement(hackathon, compiling.compile_model(other), _noise(4, 150))


def test_weights_come_back_bit_for_bit(lite0) -> None:
    again = architectures.build(Network.LITE0_HEAD, 160, 6)
    content = weights.to_bytes(lite0)
    weights.load(again, content)
    assert all(np.array_equal(a, b) for a, b in zip(lite0.get_weights(), again.get_weights(), strict=True))
    assert {str(tensor.dtype) for tensor in load_tensors(content).values()} == {"float16"}


def test_values_that_float16_cannot_hold_stay_float32() -> None:
    source = keras.Input((2,))
    model = keras.Model(source, keras.layers.Dense(2, name="scores")(source))
    model.set_weights([np.array([[0.1, 70000.0], [1e-9, 1.0]], np.float32), np.zeros(2, np.float32)])
    tensors = load_tensors(weights.to_bytes(model))
    assert tensors["scores/kernel"].dtype == np.float32
    assert tensors["scores/bias"].dtype == np.float16
    assert np.array_equal(tensors["scores/kernel"], model.get_weights()[0])


def test_weights_of_another_network_are_refused(lite0, hackathon) -> None:
    with pytest.raises(ModelFileError):
        weights.load(hackathon, weights.to_bytes(lite0))
    with pytest.raises(ModelFileError):
        weights.load(hackathon, b"no safetensors")
    other = architectures.build(Network.HACKATHON_CNN, 150, 5)
    with pytest.raises(ModelFileError, match="shape"):
        weights.load(other, weights.to_bytes(hackathon))


def test_the_temperature_is_found_again() -> None:
    random = np.random.default_rng(2)
    true_logits = random.normal(scale=2.0, size=(20_000, 4))
    powers = np.exp(true_logits)
    chances = powers / powers.sum(axis=1, keepdims=True)
    labels = (chances.cumsum(axis=1) > random.random((20_000, 1))).argmax(axis=1)
    assert calibrate.temperature(true_logits * 2.5, labels) == pytest.approx(2.5, rel=0.05)
    assert calibrate.temperature(true_logits * 0.7, labels) == pytest.approx(0.7, rel=0.05)


def test_a_few_right_answers_do_not_make_a_model_certain() -> None:
    logits = np.array([[2.0, 0.0], [0.0, 2.0]])
    assert calibrate.temperature(logits, np.array([0, 1])) == pytest.approx(1.0, rel=1e-3)
    many = np.tile(logits, (500, 1))
    labels = np.tile([0, 1], 500)
    labels[0] = 1
    assert calibrate.temperature(many, labels) == pytest.approx(calibrate.LIMITS[0], rel=1e-3)


def test_the_folded_temperature_changes_the_scores_and_not_the_order(hackathon) -> None:
    model = architectures.build(Network.HACKATHON_CNN, 150, 6)
    model.set_weights(hackathon.get_weights())
    photos = _noise(16, 150)
    inputs = calibrate.before_scores(model).predict(photos, verbose=0)
    logits = calibrate.logits(model, inputs)
    assert np.abs(calibrate.softmax(logits) - model.predict(photos, verbose=0)).max() < 1e-5
    calibrate.fold(model, 0.5)
    after = model.predict(photos, verbose=0)
    assert np.abs(calibrate.softmax(logits / 0.5) - after).max() < 1e-5
    assert np.array_equal(after.argmax(axis=1), logits.argmax(axis=1))
    assert after.max() > calibrate.softmax(logits).max()


def test_what_stands_before_the_scores_of_a_network_with_branches(compact) -> None:
    photos = _noise(16, 80)
    inputs = calibrate.before_scores(compact).predict(photos, verbose=0)
    scores = calibrate.softmax(calibrate.logits(compact, inputs))
    assert inputs.shape == (16, 128)
    assert np.abs(scores - compact.predict(photos, verbose=0)).max() < 1e-5


def test_a_fold_takes_no_part_in_the_choice_of_its_own_temperature() -> None:
    random = np.random.default_rng(6)
    labels = random.integers(0, 3, 90)
    logits = 4.0 * np.eye(3)[labels] + random.normal(size=(90, 3)) * 2
    folds = np.arange(90) % 3
    before = calibrate.cross_fitted(logits, labels, folds, 1.0)
    spoiled = np.where(folds == 1, (labels + 1) % 3, labels)
    after = calibrate.cross_fitted(logits, spoiled, folds, 1.0)
    assert np.array_equal(before[folds == 1], after[folds == 1])
    assert not np.allclose(before[folds == 0], after[folds == 0])
    assert np.allclose(before.sum(axis=1), 1)
