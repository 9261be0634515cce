"""Checkpoints: whole or left out, the last two kept, with the best weights that they name."""

from pathlib import Path

import keras
import numpy as np
import pytest

from training.fitting.averages import Averages
from training.run.checkpoints import Arrays, Checkpoints, FitState


def _state(epoch: int, best: int = 0) -> FitState:
    return FitState(
        epoch=epoch,
        step=3,
        seen=48,
        correct=40.0,
        nats=12.5,
        seconds=1.5,
        elapsed={"training": 9.0},
        seed=1,
        data="photos",
        best_epoch=best,
        epochs=(),
        is_over=False,
    )


def _arrays(value: float) -> Arrays:
    return {
        "model/kernel": np.full((3, 2), value, np.float32),
        "optimizer/iteration": np.array(7, np.int64),
        "model/seed": np.array([1, 2], np.uint32),
    }


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    assert not checkpoints.exist()
    checkpoints.save(_state(4), _arrays(0.5))
    found = checkpoints.latest()
    assert found is not None
    assert found[0] == _state(4)
    for name, array in _arrays(0.5).items():
        assert np.array_equal(found[1][name], array)
        assert (found[1][name].dtype, found[1][name].shape) == (array.dtype, array.shape)


def test_two_are_kept_and_the_best_weights_they_name(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    for epoch, best in ((1, 1), (2, 2), (3, 2), (4, 4)):
        if epoch == best:
            checkpoints.save_best(best, {"0000": np.full(2, best, np.float32)})
        checkpoints.save(_state(epoch, best), _arrays(epoch))
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "best-00002.bin",
        "best-00004.bin",
        "checkpoint-00000003.bin",
        "checkpoint-00000004.bin",
    ]
    assert checkpoints.best(4)["0000"].tolist() == [4, 4]
    checkpoints.remove()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "best missing"])
def test_a_damaged_one_is_left_out_and_the_one_before_it_taken(tmp_path: Path, harm: str) -> None:
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(_state(1), _arrays(1.0))
    checkpoints.save_best(2, {"0000": np.zeros(2, np.float32)})
    checkpoints.save(_state(2, 2), _arrays(2.0))
    victim = tmp_path / "checkpoint-00000002.bin"
    content = victim.read_bytes()
    if harm == "best missing":
        (tmp_path / "best-00002.bin").unlink()
    else:
        changed = content[:100] + bytes([content[100] ^ 1]) + content[101:]
        victim.write_bytes({"cut": content[:-5], "changed": changed, "empty": b""}[harm])
    found = checkpoints.latest()
    assert found is not None
    assert found[0].epoch == 1


def test_averages_lag_behind_the_weights_and_are_put_in_place_only_for_a_while() -> None:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    (kernel,) = model.trainable_variables
    kernel.assign([[0.0]])
    averages = Averages(model, 0.9)
    for _ in range(200):
        kernel.assign(kernel + 1.0)
        averages.update()
    with averages.in_place():
        assert float(kernel.numpy()[0, 0]) == pytest.approx(191.0, abs=1.0)  # nine steps behind
    assert float(kernel.numpy()[0, 0]) == 200.0
    again = Averages(model, 0.9)
    again.restore(averages.arrays())
    with again.in_place():
        assert float(kernel.numpy()[0, 0]) == pytest.approx(191.0, abs=1.0)
    off = Averages(model, 0.0)
    off.update()
    assert off.arrays() == {}
