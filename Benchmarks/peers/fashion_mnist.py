"""Fashion-MNIST's training set in memory, normalized as Jacquard's default preprocessing does it."""

import gzip
import pathlib

import numpy as np

DEBIAN_DIRECTORY = pathlib.Path("/usr/share/datasets/fashion-mnist")
MEAN, DEVIATION = np.float32(0.28604), np.float32(0.35302)


def _idx(path: pathlib.Path, magic: int, rank: int) -> np.ndarray:
    """The bytes of a gzipped IDX file as an array of its own shape."""
    data = gzip.decompress(path.read_bytes())
    header = np.frombuffer(data, dtype=">u4", count=1 + rank)
    if header[0] != magic:
        raise SystemExit(f"{path}: magic number {header[0]:#010x}, expected {magic:#010x}")
    return np.frombuffer(data, dtype=np.uint8, offset=header.nbytes).reshape(header[1:].tolist())


def training_set(directory: pathlib.Path) -> tuple[np.ndarray, np.ndarray]:
    """Images [60000, 28, 28] float32 and labels [60000] int64."""
    images = _idx(directory / "train-images-idx3-ubyte.gz", 0x803, rank=3)
    labels = _idx(directory / "train-labels-idx1-ubyte.gz", 0x801, rank=1)
    normalized = (images.astype(np.float32) / np.float32(255) - MEAN) / DEVIATION
    return normalized, labels.astype(np.int64)
