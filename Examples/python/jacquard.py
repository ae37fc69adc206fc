"""Jacquard through ctypes. NumPy arrays are used in place, without copies.

The library is found by the dynamic linker, or named by JACQUARD_LIBRARY.
"""
import ctypes
import difflib
import os
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint8
from ctypes import c_uint64, c_void_p

import numpy

_library = ctypes.CDLL(os.environ.get("JACQUARD_LIBRARY", "libjacquard.so.1"))
OK, DONE, STOPPED = 0, 1, 2
OPTIMIZERS = {"sgd": 0, "adam": 1, "adamw": 2, "lion": 3, "muon": 4}
SCHEDULES = {"constant": 0, "step": 1, "cosine": 2, "onecycle": 3, "linear": 4}
LOSSES = {"cross_entropy": 0, "focal": 1}
AVERAGES = {"none": 0, "ema": 1, "swa": 2}


class _Samples(Structure):
    _fields_ = [("bytes", POINTER(c_uint8)), ("numbers", POINTER(c_float)), ("pixel_count", c_size_t),
                ("labels", POINTER(c_int32)), ("label_count", c_size_t)]


class _Tensor(Structure):
    _fields_ = [("name", c_char_p), ("values", POINTER(c_float)), ("count", c_size_t), ("rank", c_size_t),
                ("shape", c_size_t * 4), ("is_parameter", c_int32)]


class _Training(Structure):
    _fields_ = ([(name, c_int32) for name in ("epochs", "batch_size", "shards", "threads", "optimizer", "schedule",
                                              "nesterov", "shuffle", "loss", "average", "lookahead")]
                + [(name, c_double) for name in ("learning_rate", "momentum", "weight_decay", "warmup_epochs",
                                                 "label_smoothing", "focal_gamma", "clip_norm", "ema_decay",
                                                 "swa_share", "lookahead_share", "hardest", "prune", "prune_begin",
                                                 "prune_end")]
                + [("max_steps", c_int64), ("seed", c_uint64)])


class Progress(Structure):
    """The progress of a training: of one step, or of an epoch if ends_epoch is 1."""
    _fields_ = [("step", c_int64), ("epoch", c_int64), ("total_steps", c_int64), ("images", c_int64), ("loss", c_double),
                ("accuracy", c_double), ("learning_rate", c_double), ("ends_epoch", c_int32)]


class Evaluation(Structure):
    """The quality of a model's predictions."""
    _fields_ = [("count", c_int64), ("correct", c_int64), ("loss", c_double), ("accuracy", c_double), ("top3", c_double)]


_Callback = CFUNCTYPE(c_int32, POINTER(Progress), c_void_p)


class JacquardError(Exception):
    """A failed call, with the library's message; `status` is the code."""

    def __init__(self, status):
        super().__init__(_library.jacquard_error_message().decode())
        self.status = status


def _declare(name, result, *arguments):
    function = getattr(_library, name)
    function.restype, function.argtypes = result, arguments


_declare("jacquard_version", c_char_p)
_declare("jacquard_abi", c_int32)
_declare("jacquard_error_message", c_char_p)
_declare("jacquard_model_create", c_int32, c_char_p, c_uint64, POINTER(c_void_p))
_declare("jacquard_model_load", c_int32, c_char_p, POINTER(c_void_p))
_declare("jacquard_model_save", c_int32, c_void_p, c_char_p)
_declare("jacquard_model_free", None, c_void_p)
_declare("jacquard_model_parameter_count", c_size_t, c_void_p)
_declare("jacquard_model_class_count", c_size_t, c_void_p)
_declare("jacquard_model_class_name", c_char_p, c_void_p, c_size_t)
_declare("jacquard_model_input_shape", c_int32, c_void_p, c_size_t * 3)
_declare("jacquard_model_tensor_count", c_size_t, c_void_p)
_declare("jacquard_model_tensor", c_int32, c_void_p, c_size_t, POINTER(_Tensor))
_declare("jacquard_predict", c_int32, c_void_p, POINTER(_Samples), c_int32, POINTER(c_float), c_size_t)
_declare("jacquard_evaluate", c_int32, c_void_p, POINTER(_Samples), c_int32, POINTER(Evaluation))
_declare("jacquard_training_defaults", c_int32, POINTER(_Training))
_declare("jacquard_trainer_create", c_int32, c_void_p, POINTER(_Training), POINTER(_Samples), POINTER(c_void_p))
_declare("jacquard_trainer_step", c_int32, c_void_p, POINTER(_Samples), POINTER(Progress))
_declare("jacquard_trainer_run", c_int32, c_void_p, _Callback, c_void_p)
_declare("jacquard_trainer_average", c_int32, c_void_p, POINTER(c_void_p))
_declare("jacquard_trainer_free", None, c_void_p)

if _library.jacquard_abi() != 1:
    raise ImportError(f"this module needs binary interface 1 of Jacquard, not {_library.jacquard_abi()}")


def _check(status):
    if status > STOPPED:
        raise JacquardError(status)
    return status


def _pointer(array, kind):
    """The address of an array, which is used in place; rejects arrays that would need a copy."""
    if not array.flags.c_contiguous:
        raise ValueError("the array is not contiguous; numpy.ascontiguousarray makes a copy that is")
    return array.ctypes.data_as(POINTER(kind))


def _samples(model, images, labels=None):
    """Images [N, height, width, channels] of the model's shape, or [N, height, width] for one channel, with a label for each.

    Rejects other shapes with the same number of elements, such as channels first: their predictions would be meaningless.
    """
    shape = model.input_shape
    known = [shape] + ([shape[:2]] if shape[2] == 1 else [])
    if images.shape[1:] not in known:
        hint = ""
        if images.shape[1:] == (shape[2], *shape[:2]):
            hint = "; the channels are first; put them last with numpy.ascontiguousarray(images.transpose(0, 2, 3, 1))"
        raise ValueError(f"images have the shape {images.shape}; the model takes (N, {', '.join(map(str, shape))}){hint}")
    samples = _Samples(pixel_count=images.size)
    if images.dtype == numpy.uint8:
        samples.bytes = _pointer(images, c_uint8)
    elif images.dtype == numpy.float32:
        samples.numbers = _pointer(images, c_float)
    else:
        raise TypeError(f"images are {images.dtype}; give uint8 pixels or prepared float32 numbers")
    if labels is not None:
        if labels.dtype != numpy.int32:
            raise TypeError(f"labels are {labels.dtype}; give int32")
        if labels.shape != images.shape[:1]:
            raise ValueError(f"labels have the shape {labels.shape}; {len(images)} images need ({len(images)},)")
        samples.labels, samples.label_count = _pointer(labels, c_int32), labels.size
    return samples


def _suggestion(name, known):
    """A suggestion for a mistyped name."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


class Model:
    """A model by name or from JSON with new weights, or from a file."""

    def __init__(self, name_or_json=None, *, seed=1, path=None):
        self._handle = c_void_p()
        if path is not None:
            _check(_library.jacquard_model_load(os.fsencode(path), byref(self._handle)))
        else:
            _check(_library.jacquard_model_create(name_or_json.encode(), seed, byref(self._handle)))
        self._read_facts()

    def _read_facts(self):
        shape = (c_size_t * 3)()
        _check(_library.jacquard_model_input_shape(self._handle, shape))
        self.input_shape = tuple(shape)
        self.parameter_count = _library.jacquard_model_parameter_count(self._handle)
        self.classes = [_library.jacquard_model_class_name(self._handle, index).decode()
                        for index in range(_library.jacquard_model_class_count(self._handle))]

    def __del__(self):
        _library.jacquard_model_free(self._handle)

    def save(self, path):
        _check(_library.jacquard_model_save(self._handle, os.fsencode(path)))

    def predict(self, images, threads=0, out=None):
        """The probabilities [images, classes], written to `out` if given."""
        samples = _samples(self, images)
        expected = (len(images), len(self.classes))
        if out is None:
            out = numpy.empty(expected, numpy.float32)
        if out.dtype != numpy.float32:
            raise TypeError(f"out is {out.dtype}; give float32")
        if out.shape != expected:
            raise ValueError(f"out has the shape {out.shape}; the answers need {expected}")
        if not out.flags.writeable:
            raise ValueError("out is read-only; give an array that can be written")
        _check(_library.jacquard_predict(self._handle, byref(samples), threads, _pointer(out, c_float), out.size))
        return out

    def evaluate(self, images, labels, threads=0):
        evaluation, samples = Evaluation(), _samples(self, images, labels)
        _check(_library.jacquard_evaluate(self._handle, byref(samples), threads, byref(evaluation)))
        return evaluation

    def tensors(self):
        """The parameters in the model's memory, by name: read-only arrays that change during training."""
        tensors, tensor = {}, _Tensor()
        for index in range(_library.jacquard_model_tensor_count(self._handle)):
            _check(_library.jacquard_model_tensor(self._handle, index, byref(tensor)))
            # The buffer keeps the model alive as long as the array exists.
            buffer = (c_float * tensor.count).from_address(ctypes.addressof(tensor.values.contents))
            buffer.model = self
            array = numpy.frombuffer(buffer, numpy.float32).reshape(tensor.shape[:tensor.rank])
            array.flags.writeable = False
            tensors[tensor.name.decode()] = array
        return tensors


class Trainer:
    """Trains a model on arrays in place; without images, each step needs a batch."""

    def __init__(self, model, images=None, labels=None, **settings):
        self._handle = c_void_p()
        self._kept = (model, images, labels)
        self._model = model
        training = _Training()
        _check(_library.jacquard_training_defaults(byref(training)))
        known = [field for field, _ in _Training._fields_]
        for name, value in settings.items():
            if name not in known:
                raise TypeError(f"there is no setting {name!r}{_suggestion(name, known)}")
            words = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES, "loss": LOSSES, "average": AVERAGES}.get(name, {})
            if isinstance(value, str):
                if value not in words:
                    raise ValueError(f"{name} is {value!r}{_suggestion(value, words) or '; give one of ' + ', '.join(words)}")
                value = words[value]
            setattr(training, name, value)
        samples = None if images is None else byref(_samples(model, images, labels))
        _check(_library.jacquard_trainer_create(model._handle, byref(training), samples, byref(self._handle)))

    def __del__(self):
        _library.jacquard_trainer_free(self._handle)

    def step(self, images=None, labels=None):
        """Does one step; returns its Progress, or None if the training is over."""
        progress = Progress()
        samples = None if images is None else byref(_samples(self._model, images, labels))
        status = _check(_library.jacquard_trainer_step(self._handle, samples, byref(progress)))
        return None if status == DONE else progress

    def run(self, callback=lambda progress: False):
        """Trains to the end, or until `callback`, which receives a Progress, returns true. Returns whether the end was reached."""
        failures = []

        def call(progress, _):
            try:
                return 1 if callback(progress.contents) else 0
            except BaseException as failure:  # must not leave a callback; raised again after the call
                failures.append(failure)
                return 1

        status = _check(_library.jacquard_trainer_run(self._handle, _Callback(call), None))
        if failures:
            raise failures[0]
        return status == OK

    def average(self):
        """A new model with the averaged weights, for the setting `average="ema"` or `"swa"`."""
        model = Model.__new__(Model)
        model._handle = c_void_p()
        _check(_library.jacquard_trainer_average(self._handle, byref(model._handle)))
        model._read_facts()
        return model
