"""Recipes that several tests train with."""

from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import Monitor, Network, Optimizer

QUICK = PRESETS["quick"].recipe

STEPWISE = with_changes(
    QUICK,
    network=Network.LITE0_HEAD,
    choose_view=False,
    versions=0,
    epochs=30,
    batch_size=256,
    optimizer=Optimizer.ADAM,
    learning_rate=2e-3,
    averaging=0.99,
    blending=0.2,
    early_stopping=True,
    monitor=Monitor.VALIDATION_CROSSENTROPY,
    patience=8,
)
"""The recipe Quick of the first version: a head with a hidden layer, trained step by step."""
