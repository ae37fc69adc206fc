"""Writes data sets as people have them, with NumPy and Pillow, into a folder; prints what is in them as JSON."""
import json
import os
import sys

import numpy as np
from PIL import Image

folder = sys.argv[1]
random = np.random.default_rng(7)
CLASSES = ["blue", "cyan", "green", "magenta", "red", "white", "yellow"]
COLORS = np.array(
    [[30, 30, 220], [30, 220, 220], [30, 220, 30], [220, 30, 220], [220, 30, 30], [220, 220, 220], [220, 220, 30]])


def colored(count, height=32, width=32):
    """Images of CIFAR's shape: a square somewhere whose color, with noise on it, is the class."""
    labels = random.permutation(np.arange(count) % 7)
    images = random.integers(0, 70, (count, height, width, 3))
    for image, label in zip(images, labels):
        top, left = random.integers(0, height - 12), random.integers(0, width - 12)
        image[top : top + 12, left : left + 12] = COLORS[label] + random.integers(-30, 30, (12, 12, 3))
    return images.astype(np.uint8), labels


# What networks learn from: as Keras hands out CIFAR, labels in a column.
x_train, y_train = colored(420)
x_test, y_test = colored(105)
np.savez_compressed(
    f"{folder}/cifar.npz", x_train=x_train, y_train=y_train.reshape(-1, 1), x_test=x_test, y_test=y_test.reshape(-1, 1))
for part, images, labels in [("train", x_train, y_train), ("test", x_test, y_test)]:
    for index, (image, label) in enumerate(zip(images, labels)):
        name = f"{folder}/pictures/{part}/{CLASSES[label]}"
        os.makedirs(name, exist_ok=True)
        Image.fromarray(image).save(f"{name}/{index:04}.png")

# Every type of labels, both byte and memory orders, stored and deflated, and an archive with more in it than images.
small = np.arange(4 * 5 * 6 * 3, dtype=np.uint8).reshape(4, 5, 6, 3)
answers = np.array([3, 0, 2, 1])
types = ["i1", "u1", "<i2", ">i2", "<u2", "<i4", ">i4", "<u4", "<i8", ">i8", "<u8", ">u8"]
for index, code in enumerate(types):
    name = f"{folder}/types/{index}"
    os.makedirs(name)
    np.save(f"{name}/train-images.npy", np.asfortranarray(small) if index % 2 else small)
    np.save(f"{name}/train-labels.npy", (answers.reshape(-1, 1) if index % 3 else answers).astype(code))
    arrays = {"train_images": small, "train_labels": answers.astype(code), "names": np.array(["a", "b"])}
    (np.savez if index % 2 else np.savez_compressed)(f"{name}/all.npz", **arrays)

# Pictures of every mode, as Pillow sees them in color.
modes = {}
for mode in ["RGB", "L", "P", "1"]:
    pixels = random.integers(0, 256, (6, 9, 3)).astype(np.uint8)
    modes[mode] = Image.fromarray(pixels).convert(mode)
for label, (mode, picture) in enumerate(modes.items()):
    os.makedirs(f"{folder}/modes/{mode}")
    picture.save(f"{folder}/modes/{mode}/picture.png")
means = np.asarray(modes["RGB"].convert("RGB"), dtype=np.float64).reshape(2, 3, 3, 3, 3).mean(axis=(1, 3))

print(json.dumps({
    "types": len(types),
    "small": small.flatten().tolist(),
    "answers": answers.tolist(),
    "cifar": {"train": x_train[:3].flatten().tolist(), "labels": y_train[:50].tolist()},
    "modes": {mode: np.asarray(picture.convert("RGB")).flatten().tolist() for mode, picture in modes.items()},
    "means": means.flatten().tolist(),
}))
