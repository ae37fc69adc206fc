"""Prints what NumPy finds in an .npy or .npz file, as JSON: name, type, shape and row-major little-endian bytes of every array."""
import json
import sys

import numpy as np


def description(name, array):
    little = array.astype(array.dtype.newbyteorder("<"))
    return {"name": name, "dtype": array.dtype.name, "shape": list(array.shape), "bytes": list(little.tobytes())}


content = np.load(sys.argv[1], allow_pickle=False)
if isinstance(content, np.ndarray):
    print(json.dumps([description("", content)]))
else:
    print(json.dumps([description(name, content[name]) for name in content.files]))
