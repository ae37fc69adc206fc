"""Builds a Keras model with random weights, writes them as the documentation says to NAME.npz, inputs [batch, channels, rows, columns]
to NAME.in.npy, and what the model makes of them to NAME.out.npy, all into a folder; prints nothing."""
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

folder = sys.argv[1]
random = np.random.default_rng(1)
model = keras.Sequential([
    layers.Input((9, 8, 2)),
    layers.Conv2D(4, (3, 2), padding="valid", activation="relu"),
    layers.BatchNormalization(),
    layers.MaxPooling2D(2),
    layers.Conv2D(6, 3, padding="same", use_bias=False),
    layers.Dropout(0.5),
    layers.Flatten(),
    layers.Dense(7, activation="relu"),
    layers.Dense(10),
])
for layer in model.layers:
    layer.set_weights([
        random.uniform(0.5, 1.5, array.shape) if "variance" in variable.name
        else random.normal(0, 0.4, array.shape)
        for variable, array in zip(layer.weights, layer.get_weights())
    ])

# The script of the documentation.
arrays = {}
for number, layer in enumerate(model.layers):
    for variable in layer.weights:
        arrays[f"{number:03}.{variable.name}"] = keras.ops.convert_to_numpy(variable)
np.savez(f"{folder}/keras.npz", **arrays)

images = random.normal(0, 1, (5, 9, 8, 2)).astype(np.float32)
np.save(f"{folder}/keras.in.npy", images)
np.save(f"{folder}/keras.out.npy", model.predict(images, verbose=0))
