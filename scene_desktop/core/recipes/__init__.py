"""What a training does: networks, parameters, presets, augmentation."""
