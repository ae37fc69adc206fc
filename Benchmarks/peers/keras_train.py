#!/usr/bin/env python3
"""Training speed of a built-in model in Keras on TensorFlow on the CPU: forward, backward and Adam's step.

Four variants, each with and without XLA: `fit` is Model.fit on arrays, several steps in one call of the compiled
function; `step` is a hand-written tf.function for one step, fed with slices of a tensor in memory.
"""

import itertools
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras  # noqa: E402  (the environment is read on import)
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

import fashion_mnist  # noqa: E402
import measurement  # noqa: E402

PARAMETER_COUNTS = {"lenet": 61_706, "cnn": 93_322, "vgg": 288_170}


def build(name: str) -> keras.Model:
    if name == "lenet":
        body = [
            layers.Conv2D(6, 5, padding="same", activation="relu"), layers.MaxPooling2D(),
            layers.Conv2D(16, 5, activation="relu"), layers.MaxPooling2D(),
            layers.Flatten(), layers.Dense(120, activation="relu"), layers.Dense(84, activation="relu"),
        ]
    elif name == "cnn":
        body = [
            layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(), layers.Dense(64, activation="relu"),
        ]
    else:
        body = []
        for stage, channels in enumerate((32, 64, 128)):
            for _ in range(2):
                body += [
                    layers.Conv2D(channels, 3, padding="same", use_bias=False),
                    layers.BatchNormalization(momentum=0.9, epsilon=1e-5), layers.ReLU(),
                ]
            body.append(layers.MaxPooling2D() if stage < 2 else layers.GlobalAveragePooling2D())
    model = keras.Sequential([keras.Input((28, 28, 1)), *body, layers.Dense(10)])
    count = sum(variable.shape.num_elements() for variable in map(lambda v: v.value, model.trainable_variables))
    if count != PARAMETER_COUNTS[name]:
        raise AssertionError(f"{name} has {count} parameters, expected {PARAMETER_COUNTS[name]}")
    return model


def loss_function() -> keras.losses.Loss:
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


class StopWatch(keras.callbacks.Callback):
    """Samples the running fit between calls of the compiled function; the first fifth of the time is warm-up."""

    def __init__(self, options) -> None:
        super().__init__()
        self._options = options
        self._warm_up = None
        self.sampler = None

    def on_train_batch_end(self, batch, logs=None) -> None:
        sampler = self.sampler or self._warm_up
        if sampler is None:  # the first call has compiled the function
            self._warm_up = measurement.Sampler(self._options.batch_size, self._options.seconds / 5)
            return
        sampler.finished_steps(measurement.STEPS_PER_SAMPLE)
        if sampler.done and self.sampler is None:
            self.sampler = measurement.Sampler(self._options.batch_size, self._options.seconds)
        elif sampler.done:
            self.model.stop_training = True


def measure_fit(options, images: tf.Tensor, labels: tf.Tensor, jit: bool) -> dict:
    model = build(options.model)
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3), loss=loss_function(), jit_compile=jit,
        steps_per_execution=measurement.STEPS_PER_SAMPLE,
    )
    # Whole groups of steps only: a shorter group or batch would be counted as a full one.
    group = options.batch_size * measurement.STEPS_PER_SAMPLE
    count = len(labels) // group * group
    watch = StopWatch(options)
    model.fit(
        images[:count], labels[:count], batch_size=options.batch_size, epochs=1_000_000, verbose=0, callbacks=[watch]
    )
    return watch.sampler.summary()


def measure_step(options, images: tf.Tensor, labels: tf.Tensor, jit: bool) -> dict:
    model, loss, optimizer = build(options.model), loss_function(), keras.optimizers.Adam(1e-3)
    optimizer.build(model.trainable_variables)

    @tf.function(jit_compile=jit)
    def train(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        gradients = tape.gradient(value, [variable.value for variable in model.trainable_variables])
        optimizer.apply(gradients, model.trainable_variables)
        return value

    order = tf.random.shuffle(tf.range(len(labels)), seed=1)
    starts = itertools.cycle(range(0, len(labels) - options.batch_size + 1, options.batch_size))

    def step() -> None:
        start = next(starts)
        batch = order[start : start + options.batch_size]
        train(tf.gather(images, batch), tf.gather(labels, batch)).numpy()

    step()
    return measurement.time_steps(step, options.batch_size, options.seconds)


def main() -> None:
    options = measurement.arguments(__doc__.splitlines()[0])
    measurement.pin(options.threads)
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    keras.utils.set_random_seed(1)
    images, labels = fashion_mnist.training_set(options.data)
    images = images[..., None]
    x, y = tf.constant(images), tf.constant(labels)
    variants = {
        "fit": measure_fit(options, images, labels, jit=False),
        "fit_xla": measure_fit(options, images, labels, jit=True),
        "step": measure_step(options, x, y, jit=False),
        "step_xla": measure_step(options, x, y, jit=True),
    }
    measurement.report("Keras", f"{keras.__version__} on TensorFlow {tf.__version__}", options, variants)


if __name__ == "__main__":
    main()
