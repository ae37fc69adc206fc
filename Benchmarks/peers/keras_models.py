"""The three small models in Keras. Inputs are [N, 28, 28, 1], outputs are 10 logits."""

import keras
from keras import layers

PARAMETER_COUNTS = {"lenet": 61_706, "cnn": 93_322, "vgg": 288_170}


def _lenet() -> list[layers.Layer]:
    return [
        layers.Conv2D(6, 5, padding="same", activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(16, 5, activation="relu"), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dense(120, activation="relu"), layers.Dense(84, activation="relu"),
    ]


def _cnn() -> list[layers.Layer]:
    return [
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(), layers.Dense(64, activation="relu"),
    ]


def _vgg() -> list[layers.Layer]:
    body: list[layers.Layer] = []
    for stage, channels in enumerate((32, 64, 128)):
        for _ in range(2):
            body += [
                layers.Conv2D(channels, 3, padding="same", use_bias=False),
                layers.BatchNormalization(momentum=0.9, epsilon=1e-5), layers.ReLU(),
            ]
        body.append(layers.MaxPooling2D() if stage < 2 else layers.GlobalAveragePooling2D())
    return body


_BUILDERS = {"lenet": _lenet, "cnn": _cnn, "vgg": _vgg}


def build(name: str) -> keras.Model:
    """The model called `name`; its parameter count is checked against the published one."""
    if name not in _BUILDERS:
        raise ValueError(f"Keras is measured with {', '.join(_BUILDERS)} only")
    model = keras.Sequential([keras.Input((28, 28, 1)), *_BUILDERS[name](), layers.Dense(10)])
    count = sum(variable.value.shape.num_elements() for variable in model.trainable_variables)
    if count != PARAMETER_COUNTS[name]:
        raise AssertionError(f"{name} has {count} parameters, expected {PARAMETER_COUNTS[name]}")
    return model
