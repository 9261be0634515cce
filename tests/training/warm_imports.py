"""What an engine imports, without a single computation: threads of TensorFlow would not outlive a fork."""

import importlib

from training.run import environment

environment.prepare()  # sets variables that TensorFlow reads when it is imported

for _name in (
    "training.engine",
    "training.fitting.loop",
    "training.importing",
    "training.networks.architectures",
    "training.networks.calibrate",
    "training.networks.compiling",
    "training.train",
):
    importlib.import_module(_name)

_ = importlib.import_module("tensorflow").lite.TFLiteConverter  # it is loaded when it is used first
