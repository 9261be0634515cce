"""What core says about the weights of a network, held against the real Keras models."""

import keras
import pytest

from scene_desktop.core.recipes.networks import CLASSES, IMAGE_SIZES, weight_shapes
from scene_desktop.core.recipes.recipe import Network
from training.networks import architectures, backbones

SIZES = (IMAGE_SIZES[0], IMAGE_SIZES[1], 150)
CLASS_COUNTS = (CLASSES[0], 6, CLASSES[-1])


@pytest.mark.parametrize("class_count", CLASS_COUNTS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("network", Network)
def test_the_table_of_weights_is_that_of_the_keras_model(
    network: Network, size: int, class_count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backbones, "load", lambda model: None)  # only the shapes matter
    model = architectures.build(network, size, class_count)
    table = weight_shapes(network, size, class_count)
    assert table == {variable.path: tuple(variable.shape) for variable in model.weights}
    keras.utils.clear_session()


def test_every_network_of_the_closed_list_fits_the_largest_share_file() -> None:
    """Float32 for every number of the largest model that a recipe can ask for."""
    from math import prod

    from scene_desktop.core.sharing import LARGEST_FILE, LARGEST_HEADER

    for network in Network:
        shapes = weight_shapes(network, IMAGE_SIZES[-1], CLASSES[-1])
        assert 4 * sum(map(prod, shapes.values())) + LARGEST_HEADER < LARGEST_FILE
