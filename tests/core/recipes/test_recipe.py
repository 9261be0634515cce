import pytest

from scene_desktop.core.errors import InputError
from scene_desktop.core.recipes.parameters import PARAMETERS, with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import Monitor, Network, Optimizer, TrainedPart


def test_every_preset_is_within_its_own_limits() -> None:
    for preset in PRESETS.values():
        assert with_changes(preset.recipe) == preset.recipe


def test_every_parameter_has_words() -> None:
    for parameter in PARAMETERS:
        assert parameter.label
        assert parameter.help.endswith(".")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("epochs", 2.5),
        ("batch_size", -1),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("learning_rate", float("inf")),
        ("validation_share", 0.9),
        ("patience", 10**6),
        ("seed", -1),
        ("monitor", "loss"),
    ],
)
def test_a_value_outside_its_limits_is_refused_by_name(name: str, value: object) -> None:
    label = next(parameter.label for parameter in PARAMETERS if parameter.name == name)
    with pytest.raises(InputError, match=label):
        with_changes(PRESETS["quick"].recipe, **{name: value})


def test_the_hackathon_preset_is_the_one_of_the_hackathon() -> None:
    recipe = PRESETS["hackathon"].recipe
    assert (recipe.image_size, recipe.batch_size, recipe.epochs) == (150, 64, 5)
    assert (recipe.monitor, recipe.min_delta, recipe.patience) == (Monitor.VALIDATION_ACCURACY, 0.05, 2)


@pytest.mark.parametrize(
    "changes", [{"trained_part": TrainedPart.LAST_BLOCKS}, {"network": Network.COMPACT_CNN}]
)
def test_what_cannot_be_solved_is_not_given_to_the_solver(changes: dict[str, object]) -> None:
    with pytest.raises(InputError, match="Choose another optimizer"):
        with_changes(PRESETS["quick"].recipe, **changes)


def test_the_last_blocks_are_not_trained_where_there_is_no_way_to() -> None:
    with pytest.raises(InputError, match="by the recipe Best"):
        with_changes(PRESETS["quick"].recipe, trained_part=TrainedPart.LAST_BLOCKS, optimizer=Optimizer.ADAM)
