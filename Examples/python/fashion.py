"""Trains a network on Fashion-MNIST from Python, on NumPy arrays in place.

    python3 fashion.py [FOLDER [IMAGES [EPOCHS]]]

If FOLDER does not contain the four files, it generates images: bright squares whose position is the class.
"""
import gzip
import os
import sys

import numpy

from jacquard import Model, Trainer


def read_set(folder, prefix, count):
    try:
        with gzip.open(f"{folder}/{prefix}-images-idx3-ubyte.gz") as images:
            with gzip.open(f"{folder}/{prefix}-labels-idx1-ubyte.gz") as labels:
                pixels = numpy.frombuffer(images.read(16 + count * 784), numpy.uint8, offset=16).reshape(-1, 28, 28, 1)
                return pixels, numpy.frombuffer(labels.read(8 + count), numpy.uint8, offset=8).astype(numpy.int32)
    except FileNotFoundError:
        labels = numpy.arange(count, dtype=numpy.int32) % 10
        pixels = numpy.full((count, 28, 28, 1), 20, numpy.uint8)
        for index, label in enumerate(labels):
            top, left = label // 5 * 14 + 4, label % 5 * 5
            pixels[index, top:top + 6, left:left + 6] = 200 + index % 50
        return pixels, labels


folder = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/datasets/fashion-mnist"
count = int(sys.argv[2]) if len(sys.argv) > 2 else 60000
epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 2
images, labels = read_set(folder, "train", count)
test_images, test_labels = read_set(folder, "t10k", min(count, 10000))

model = Model("lenet")
print(f"{model.parameter_count} parameters, {len(images)} images of {model.input_shape}")


def show(progress):
    if progress.ends_epoch:
        print(f"epoch {progress.epoch}: loss {progress.loss:.4f}, accuracy {progress.accuracy:.4f}")


Trainer(model, images, labels, epochs=epochs, optimizer="adamw", weight_decay=0.01).run(show)
evaluation = model.evaluate(test_images, test_labels)
print(f"test: loss {evaluation.loss:.4f}, accuracy {evaluation.accuracy:.4f}")

model.save("fashion.safetensors")
probabilities = Model(path="fashion.safetensors").predict(test_images[:1])[0]
print(f"the first test image: {model.classes[probabilities.argmax()]}, {100 * probabilities.max():.1f} %")
weights = model.tensors()["conv1.weight"]
print(f"conv1.weight {weights.shape}, from {weights.min():.3f} to {weights.max():.3f}")
os.remove("fashion.safetensors")
