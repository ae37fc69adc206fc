"""Writes arrays of every type, shape, memory order, byte order and version into a folder, and archives of each kind; prints the
values of the single ones as JSON."""
import json
import sys
import zipfile

import numpy as np

folder = sys.argv[1]
values = {}
for code in ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]:
    for shape in [(), (5,), (2, 3), (2, 3, 4)]:
        count = int(np.prod(shape))
        # Large, but so that JSON's numbers hold them.
        numbers = np.arange(count)
        if code[0] == "b":
            numbers = numbers % 2
        elif code[0] == "u":
            numbers = numbers + 2 ** min(8 * int(code[1]) - 2, 50)
        elif code[0] == "i":
            numbers = numbers * 3 - 2 ** min(8 * int(code[1]) - 2, 50)
        else:
            numbers = numbers * 0.375 - 1
        for order in "CF":
            for byte_order in "<>":
                array = np.array(numbers.reshape(shape), dtype=np.dtype(code).newbyteorder(byte_order), order=order)
                for version in [(1, 0), (2, 0), (3, 0)]:
                    name = f"{code}-{len(shape)}-{order}-{'little' if byte_order == '<' else 'big'}-{version[0]}"
                    with open(f"{folder}/{name}.npy", "wb") as file:
                        np.lib.format.write_array(file, array, version=version)
                    values[name] = [float(value) for value in array.flatten(order="C")]

arrays = {
    "images": (np.arange(6000) * 7 % 251).astype(np.uint8).reshape(3, 40, 50),
    "labels": np.array([2, 0, 1], dtype=np.int64),
    "conv1.weight": np.array([0.5, -0.25], dtype=np.float32),
}
np.savez(f"{folder}/stored.npz", **arrays)
np.savez_compressed(f"{folder}/deflated.npz", **arrays)
# As streams are written, with sizes behind the content; and with a comment at the end.
with zipfile.ZipFile(f"{folder}/large.npz", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.comment = b"a comment"
    for name, array in arrays.items():
        with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
            np.lib.format.write_array(file, array)
print(json.dumps(values))
