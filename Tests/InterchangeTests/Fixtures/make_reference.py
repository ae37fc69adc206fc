"""Writes reference.safetensors with the reference library: python3 make_reference.py (pip install safetensors==0.8.0 numpy).

The values are chosen to be exact in their types. The file is committed; run this only to change it.
"""
from pathlib import Path

import numpy as np
import safetensors


def bfloat16(values):
    """The upper halves of the binary32 values, which NumPy has no type for."""
    return (np.array(values, dtype="<f4").view("<u4") >> 16).astype("<u2")


tensors = {
    "conv1.weight": ("float32", np.arange(8, dtype="<f4").reshape(2, 1, 2, 2) / 4 - 1),
    "scalar": ("float32", np.array(3.5, dtype="<f4")),
    "empty": ("float32", np.zeros((0, 3), dtype="<f4")),
    "größe.重み": ("float32", np.array([1e-45, -0.0], dtype="<f4")),
    "half": ("float16", np.array([1.5, -65504, 6e-8, np.inf], dtype="<f2")),
    "brain": ("bfloat16", bfloat16([1.5, -2.0**100, 0.0])),
    "double": ("float64", np.array([0.1, -1e300], dtype="<f8")),
    "bn1.num_batches_tracked": ("int64", np.array(4690, dtype="<i8")),
    "mask": ("uint8", np.arange(5, dtype="u1")),
}
specifications = {
    name: safetensors.TensorSpec(
        dtype=kind, shape=array.shape, data_ptr=array.ctypes.data, data_len=array.nbytes)
    for name, (kind, array) in tensors.items()
}
safetensors.serialize_file(
    specifications,
    Path(__file__).parent / "reference.safetensors",
    {"format": "pt", "note": 'Ωmega "quoted" \\ and\ttabbed'},
)
