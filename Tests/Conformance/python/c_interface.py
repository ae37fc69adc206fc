"""Uses the C interface through Examples/python: c_interface.py LIBRARY EXAMPLES FOLDER

Prints as JSON what it found: addresses that must be the same, answers that NumPy computes too, refusals.
"""
import ctypes
import gc
import json
import os
import subprocess
import sys

import numpy

library, examples, folder = sys.argv[1:]
os.environ["JACQUARD_LIBRARY"] = library
sys.path.insert(0, examples)
import jacquard

found = {}
generator = numpy.random.default_rng(1)
images = generator.integers(0, 256, (40, 8, 8, 1), numpy.uint8)
labels = (images.mean((1, 2, 3)) > 127).astype(numpy.int32)
description = json.dumps({
    "name": "dense", "input_shape": [8, 8, 1], "class_names": ["dark", "bright"],
    "layers": [{"type": "flatten"}, {"type": "dense", "output_features": 2}]})
model = jacquard.Model(description, seed=5)

# What C is given is where NumPy has it.
samples = jacquard._samples(model, images, labels)
found["images are not copied"] = ctypes.addressof(samples.bytes.contents) == images.ctypes.data
found["labels are not copied"] = ctypes.addressof(samples.labels.contents) == labels.ctypes.data
tensors, again = model.tensors(), model.tensors()
found["tensors are not copied"] = all(tensors[name].ctypes.data == again[name].ctypes.data for name in tensors)
found["tensors cannot be written"] = not any(tensor.flags.writeable for tensor in tensors.values())
found["tensors"] = {name: list(tensor.shape) for name, tensor in tensors.items()}

# A trainer reads the pixels where they are at each step: the same array with other pixels gives another step.
def loss_after(change):
    pixels = images.copy()
    trainer = jacquard.Trainer(jacquard.Model(description, seed=5), pixels, labels, batch_size=40, shuffle=0, threads=1)
    change(pixels)
    return trainer.step().loss

found["pixels are read in place"] = loss_after(lambda pixels: None) != loss_after(lambda pixels: pixels.fill(255))

before = tensors["fc1.weight"].copy()
steps = []
finished = jacquard.Trainer(model, images, labels, epochs=3, batch_size=16, optimizer="adamw", schedule="cosine",
                            learning_rate=0.01).run(lambda progress: steps.append((progress.step, progress.ends_epoch)))
found["the training finished"] = finished
found["steps"] = steps
found["tensors follow the training"] = bool((tensors["fc1.weight"] != before).any())

# The mean of all steps is another model than the last one.
learner = jacquard.Model(description, seed=5)
trainer = jacquard.Trainer(learner, images, labels, epochs=2, batch_size=20, average="swa", swa_share=0, lookahead=2)
history = []
trainer.run(lambda progress: None if progress.ends_epoch else history.append(learner.tensors()["fc1.weight"].copy()))
averaged = trainer.average()
mean = averaged.tensors()["fc1.weight"]
found["the average is the mean of the steps"] = len(history) == 4 and bool(
    numpy.allclose(mean, numpy.mean(history, 0), atol=1e-6)) and bool((mean != history[-1]).any())

# NumPy computes the same from the tensors in place.
prepared = (images.reshape(40, 64) / 255 - 0.28604) / 0.35302
logits = prepared @ tensors["fc1.weight"] + tensors["fc1.bias"]
expected = numpy.exp(logits - logits.max(1, keepdims=True))
expected /= expected.sum(1, keepdims=True)
out = numpy.empty((40, 2), numpy.float32)
found["the answer is where it was asked for"] = model.predict(images, out=out) is out
found["largest difference"] = float(abs(out - expected).max())
found["accuracy"] = model.evaluate(images, labels).accuracy == float((expected.argmax(1) == labels).mean())

def stop(progress):
    raise RuntimeError("from a callback")

def refusal(call):
    try:
        call()
    except (jacquard.JacquardError, ValueError, TypeError, RuntimeError) as error:
        return str(error)
    return "nothing was refused"

found["refusals"] = [
    refusal(lambda: jacquard.Model("lenett")),
    refusal(lambda: model.predict(images[::2])),
    refusal(lambda: model.predict(images.astype(numpy.float64))),
    refusal(lambda: model.evaluate(images, labels + 1)),
    refusal(lambda: jacquard.Trainer(model, images, labels).run(stop)),
    # As many numbers in another shape would be answered, and mean nothing.
    refusal(lambda: model.predict(numpy.ascontiguousarray(images.transpose(0, 3, 1, 2)))),
    refusal(lambda: model.predict(images.reshape(20, 16, 8, 1))),
    refusal(lambda: model.evaluate(images, labels[:-1])),
    refusal(lambda: model.predict(images, out=numpy.empty((2, 40), numpy.float32))),
    refusal(lambda: jacquard.Trainer(model, images, labels, learning_rat=0.1)),
    refusal(lambda: jacquard.Trainer(model, images, labels, optimizer="adamww")),
]
locked = numpy.zeros((40, 2), numpy.float32)
locked.flags.writeable = False
found["refusals"].append(refusal(lambda: model.predict(images, out=locked)))
found["what is read-only is not written"] = not locked.any()

# A tensor that outlives its model's variable keeps the model.
weights = tensors["fc1.weight"]
copy = weights.copy()
del model, tensors, again
gc.collect()
found["a tensor keeps its model"] = bool((weights == copy).all())

example = subprocess.run([sys.executable, f"{examples}/fashion.py", "/nowhere", "500", "3"], cwd=folder, check=True,
                         capture_output=True, text=True)
found["example"] = example.stdout.splitlines()
print(json.dumps(found))
