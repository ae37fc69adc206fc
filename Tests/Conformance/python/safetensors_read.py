"""Reads a safetensors file with the reference library and prints what it holds: one line per string and per tensor.

    python3 safetensors_read.py FILE        (pip install safetensors numpy)
"""
import sys

import numpy as np
from safetensors import safe_open

np.seterr(all="ignore")  # a sum of infinities is no mistake here
with safe_open(sys.argv[1], framework="np") as file:
    for key, value in sorted((file.metadata() or {}).items()):
        print(f"metadata\t{key!r}\t{value!r}")
    for name in sorted(file.keys()):
        view = file.get_slice(name)
        try:
            total = repr(float(np.sum(file.get_tensor(name), dtype=np.float64)))
        except TypeError:  # NumPy has no such type, for example BF16
            total = "unknown"
        print(f"tensor\t{name!r}\t{view.get_dtype()}\t{view.get_shape()}\tsum {total}")
