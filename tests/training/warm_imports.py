"""What an engine imports, without a single computation: threads of TensorFlow would not outlive a fork."""

from training.run import environment

environment.prepare()

import tensorflow as tf  # noqa: E402  # the variables must be set before

import training.engine  # noqa: E402
import training.fitting.loop  # noqa: E402
import training.importing  # noqa: E402
import training.networks.architectures  # noqa: E402
import training.networks.calibrate  # noqa: E402
import training.networks.compiling  # noqa: E402
import training.train  # noqa: E402, F401

_ = tf.lite.TFLiteConverter  # it is loaded when it is used first
