"""The recipes that come with the app, and those that a person has named.

To add a recipe, add a `Preset` to `PRESETS`; form, command line, help and checks follow. (A new network also
needs its builder in `training.networks.architectures`.)
"""

from dataclasses import dataclass

import msgspec

from scene_desktop.core.recipes.recipe import (
    Network,
    Optimizer,
    Schedule,
    TrainedPart,
    TrainingRecipe,
)


@dataclass(frozen=True)
class Preset:
    """A recipe ready to use.

    Attributes:
        promise: One sentence that tells whom it is for.
        family: Presets of one family are variants of one idea and share a card; the first one leads.
        continues: Whether it goes on with a trained model instead of starting afresh.
    """

    key: str
    title: str
    promise: str
    recipe: TrainingRecipe
    family: str = ""
    continues: bool = False


_QUICK = TrainingRecipe(
    preset="quick",
    network=Network.LITE0,
    image_size=160,
    choose_view=True,
    epochs=100,
    batch_size=256,
    optimizer=Optimizer.LBFGS,
    learning_rate=1e-3,
    flip=True,
    versions=4,
)
_BEST = TrainingRecipe(
    preset="best",
    network=Network.LITE0_HEAD,
    trained_part=TrainedPart.LAST_BLOCKS,
    image_size=160,
    epochs=8,
    batch_size=64,
    optimizer=Optimizer.ADAMW,
    learning_rate=4e-4,
    schedule=Schedule.COSINE,
    warm_up=1,
    weight_decay=0.02,
    label_smoothing=0.1,
    averaging=0.998,
    flip=True,
    blending=0.2,
)
_COMPACT = TrainingRecipe(
    preset="compact",
    network=Network.COMPACT_CNN,
    image_size=80,
    epochs=24,
    batch_size=64,
    optimizer=Optimizer.ADAMW,
    learning_rate=4e-3,
    schedule=Schedule.COSINE,
    warm_up=2,
    weight_decay=0.05,
    label_smoothing=0.05,
    flip=True,
    rotation=8.0,
    zoom=0.15,
)
_HACKATHON = TrainingRecipe(
    preset="hackathon",
    network=Network.HACKATHON_CNN,
    image_size=150,
    epochs=5,
    batch_size=64,
    learning_rate=1e-3,
    flip=True,
    zoom=0.2,
    shear=15.0,
    min_delta=0.05,
    patience=2,
)


def _replaced(recipe: TrainingRecipe, **changes: object) -> TrainingRecipe:
    return msgspec.structs.replace(recipe, **changes)


PRESETS: dict[str, Preset] = {
    preset.key: preset
    for preset in (
        Preset(
            key="quick",
            title="Quick",
            promise="A network that has seen a million photos looks at yours; only the last step, to your "
            "classes, is learned. Ready soon, and the best first choice.",
            recipe=_QUICK,
        ),
        Preset(
            key="best",
            title="Best",
            promise="The last layers of that network learn your photos too. Worth its time with thousands of "
            "photos; with few, compare it with Quick.",
            recipe=_BEST,
        ),
        Preset(
            key="compact",
            title="Compact CNN",
            promise="A small modern network from scratch, without any pretrained knowledge.",
            recipe=_COMPACT,
        ),
        Preset(
            key="hackathon",
            title="Hackathon CNN",
            promise="A small network from scratch, exactly as at the hackathon, to see one learn.",
            recipe=_HACKATHON,
            family="hackathon",
        ),
        Preset(
            key="hackathon-2",
            title="Hackathon CNN, 10 epochs more",
            promise="The second trial of the hackathon: goes on with the model of the first one.",
            recipe=_replaced(_HACKATHON, preset="hackathon-2", epochs=10, batch_size=128),
            family="hackathon",
            continues=True,
        ),
        Preset(
            key="hackathon-3",
            title="Hackathon CNN, stopping early",
            promise="The third trial of the hackathon: ends when the accuracy rises by less than 5 points.",
            # Keras' early stopping leaves the weights of the last epoch, not those of the best one.
            recipe=_replaced(
                _HACKATHON, preset="hackathon-3", epochs=15, early_stopping=True, restore_best=False
            ),
            family="hackathon",
        ),
    )
}
