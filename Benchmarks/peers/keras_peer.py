"""Keras on TensorFlow on the CPU: training (forward, backward, Adam) and inference, each with and without XLA.

Training comes in two forms: `fit` is Model.fit on arrays with several steps in one call of the compiled function; `step` is a
hand-written tf.function for one step, fed from a tensor in memory.
"""

import itertools
import os
import time
from typing import Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras  # noqa: E402  (the environment is read on import)
import tensorflow as tf  # noqa: E402

import images  # noqa: E402
import keras_models  # noqa: E402
import measurement  # noqa: E402
from measurement import Task, Variant  # noqa: E402

# Steps in one call of the compiled function: enough that calling it costs nothing beside them.
STEPS_PER_CALL = {"lenet": 8, "cnn": 8, "vgg": 2}


def loss_function() -> keras.losses.Loss:
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


class StopWatch(keras.callbacks.Callback):
    """Samples the running fit between calls of the compiled function; the first fifth of the time is warm-up."""

    def __init__(self, images_per_call: int, seconds: float) -> None:
        super().__init__()
        self._images_per_call, self._seconds = images_per_call, seconds
        self._start = self._last = None
        self.rates: list[float] = []

    def on_train_batch_end(self, batch, logs=None) -> None:
        now = time.perf_counter()
        if self._start is None:  # the first call may have compiled the function
            self._start = self._last = now
            return
        if now - self._start >= self._seconds / 5:
            self.rates.append(self._images_per_call / (now - self._last))
        self._last = now
        if len(self.rates) >= 3 and now - self._start >= self._seconds * 6 / 5:
            self.model.stop_training = True


def fit(jit: bool) -> Callable[[Task], Callable[[float], list[float]]]:
    def prepare(task: Task) -> Callable[[float], list[float]]:
        model = keras_models.build(task.model)
        steps = STEPS_PER_CALL[task.model]
        model.compile(
            optimizer=keras.optimizers.Adam(1e-3), loss=loss_function(), jit_compile=jit, steps_per_execution=steps)
        pixels, labels = images.normalized(task.model)
        # Whole groups of steps only: a shorter group or batch would be counted as a full one.
        group = task.batch * steps
        count = len(labels) // group * group

        def measure(seconds: float) -> list[float]:
            watch = StopWatch(group, seconds)
            model.fit(
                pixels[:count], labels[:count], batch_size=task.batch, epochs=1_000_000, verbose=0,
                callbacks=[watch])
            return watch.rates

        return measure

    return prepare


def step(jit: bool) -> Callable[[Task], Callable[[float], list[float]]]:
    def prepare(task: Task) -> Callable[[float], list[float]]:
        model, loss, optimizer = keras_models.build(task.model), loss_function(), keras.optimizers.Adam(1e-3)
        optimizer.build(model.trainable_variables)
        pixels, labels = images.normalized(task.model)
        x, y = tf.constant(pixels), tf.constant(labels)

        @tf.function(jit_compile=jit)
        def train(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                value = loss(y, model(x, training=True))
            gradients = tape.gradient(value, [variable.value for variable in model.trainable_variables])
            optimizer.apply(gradients, model.trainable_variables)
            return value

        order = tf.random.shuffle(tf.range(len(labels)), seed=1)
        starts = itertools.cycle(range(0, len(labels) - task.batch + 1, task.batch))

        def one_step() -> None:
            start = next(starts)
            batch = order[start : start + task.batch]
            train(tf.gather(x, batch), tf.gather(y, batch)).numpy()

        return measurement.sampled(measurement.repeated(one_step), task.batch)

    return prepare


def inference(jit: bool) -> Callable[[Task], Callable[[float], list[float]]]:
    def prepare(task: Task) -> Callable[[float], list[float]]:
        model = keras_models.build(task.model)
        x = tf.constant(images.normalized(task.model)[0])
        starts = itertools.cycle(range(0, len(x) - task.batch + 1, task.batch))

        @tf.function(jit_compile=jit)
        def answer(x: tf.Tensor) -> tf.Tensor:
            return model(x, training=False)

        def one_batch() -> None:
            start = next(starts)
            answer(x[start : start + task.batch]).numpy()

        return measurement.sampled(measurement.repeated(one_batch), task.batch)

    return prepare


VARIANTS = {
    "train fit": Variant("train", "float32", fit(jit=False)),
    "train fit, XLA": Variant("train", "float32", fit(jit=True)),
    "train step": Variant("train", "float32", step(jit=False)),
    "train step, XLA": Variant("train", "float32", step(jit=True)),
    "inference function": Variant("inference", "float32", inference(jit=False)),
    "inference function, XLA": Variant("inference", "float32", inference(jit=True)),
}


def set_threads(threads: int) -> None:
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    keras.utils.set_random_seed(1)


if __name__ == "__main__":
    measurement.main("Keras", f"{keras.__version__} on TensorFlow {tf.__version__}", VARIANTS, set_threads)
