"""Random images and labels in memory, in the form that Fashion-MNIST has after normalization.

Speed does not depend on what the images show, and no data set is needed.
"""

import numpy as np

from networks import NETWORKS, Network

MOST, MOST_NUMBERS = 8192, 1 << 24
MEAN, DEVIATION = np.float32(0.28604), np.float32(0.35302)


def count(network: Network) -> int:
    """As many as 8192, or as fit into 64 MiB, but no fewer than fill a few batches."""
    fitting = MOST_NUMBERS // (network.side**2 * network.channels)
    return max(4 * max(network.batches.values()), min(MOST, fitting))


def normalized(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Images [N, height, width, channels] float32, normalized as the default preprocessing does it, and labels [N] int64."""
    network = NETWORKS[name]
    generator = np.random.default_rng(1)
    shape = (count(network), network.side, network.side, network.channels)
    pixels = generator.integers(0, 256, size=shape, dtype=np.uint8)
    images = (pixels.astype(np.float32) / np.float32(255) - MEAN) / DEVIATION
    return images, generator.integers(0, network.classes, size=len(images), dtype=np.int64)


def channels_first(name: str) -> np.ndarray:
    """The images as [N, channels, height, width]."""
    return np.ascontiguousarray(normalized(name)[0].transpose(0, 3, 1, 2))


def batches(name: str, size: int) -> list[np.ndarray]:
    """The images as contiguous batches [size, channels, height, width]."""
    pixels = channels_first(name)
    return [np.ascontiguousarray(pixels[start : start + size]) for start in range(0, len(pixels) - size + 1, size)]
