"""Renders the pictures of this folder: make-pictures.py FOLDER.

Apples, bananas and pears by ray marching (Hart, 1996): signed distances to each fruit, its stem and the table, one light, one shadow, then
grain and JPEG. Sizes, places, colors, light and camera are drawn from a fixed seed. Needs NumPy and Pillow.
"""
import pathlib
import sys

import numpy as np
from PIL import Image, ImageFilter

SIZE = 96
COUNTS = {"train": {"apple": 80, "banana": 56, "pear": 24}, "test": {"apple": 15, "banana": 15, "pear": 10}}
RIPENESS = {
    "apple": [(0.75, 0.10, 0.08), (0.85, 0.30, 0.12), (0.55, 0.70, 0.15), (0.80, 0.72, 0.25)],
    "banana": [(0.90, 0.78, 0.15), (0.75, 0.75, 0.20), (0.80, 0.62, 0.12)],
    "pear": [(0.65, 0.72, 0.22), (0.80, 0.72, 0.30), (0.62, 0.50, 0.22), (0.70, 0.25, 0.15)],
}


def length(v):
    return np.sqrt((v * v).sum(-1))


def capsule(p, a, b, radius):
    a, b = np.array(a), np.array(b)
    share = np.clip(((p - a) @ (b - a)) / ((b - a) @ (b - a)), 0, 1)[..., None]
    return length(p - a - share * (b - a)) - radius


def fruit(kind, p):
    """The distances to the flesh and to the stem."""
    if kind == "apple":
        ring = np.stack([np.hypot(p[..., 0], p[..., 2]) - 0.28, 1.1 * p[..., 1]], -1)
        return length(ring) - 0.5, capsule(p, (0, 0.2, 0), (0.1, 0.75, 0), 0.04)
    if kind == "pear":
        low, high = length(p + [0, 0.25, 0]) - 0.58, length(p - [0, 0.5, 0]) - 0.3
        share = np.clip(0.5 + 0.5 * (high - low) / 0.45, 0, 1)
        return high + (low - high) * share - 0.45 * share * (1 - share), capsule(p, (0, 0.7, 0), (0.12, 1.08, 0), 0.04)
    angle = np.clip(np.arctan2(p[..., 1], p[..., 0]), -1.0, 1.0)
    center = np.stack([np.cos(angle), np.sin(angle), 0 * angle], -1)
    body = length(p - center) - 0.2 * (1 - 0.6 * angle**4)
    return 0.8 * body, capsule(p, (0.5, 0.86, 0), (0.36, 0.98, 0), 0.06)


def turn(yaw, pitch, roll):
    (a, b), (c, d), (e, f) = [(np.cos(x), np.sin(x)) for x in (yaw, pitch, roll)]
    y, x, z = np.array([[a, 0, b], [0, 1, 0], [-b, 0, a]]), np.array([[1, 0, 0], [0, c, -d], [0, d, c]]), np.array([[e, -f, 0], [f, e, 0], [0, 0, 1]])
    return y @ x @ z


def march(distance, origin, direction, steps, limit):
    travelled = np.zeros(direction.shape[:-1])
    for _ in range(steps):
        travelled += distance(origin + travelled[..., None] * direction)
    return np.minimum(travelled, limit)


def smooth_noise(random, cells):
    coarse = Image.fromarray((255 * random.random((cells, cells))).astype("uint8"))
    return np.asarray(coarse.resize((SIZE, SIZE), Image.BICUBIC)) / 255


def render(kind, random):
    spin = turn(random.uniform(-3, 3), random.uniform(-0.5, 0.5), random.uniform(-0.6, 0.6))
    shift = [1.0, 0, 0] if kind == "banana" else [0, 0, 0]
    scale = random.uniform(0.75, 1.15)

    def parts(p):
        flesh, stem = fruit(kind, p @ spin / scale + shift * np.array(1.0))
        return scale * flesh, scale * stem

    def solid(p):
        return np.minimum(*parts(p))

    camera = turn(random.uniform(-0.4, 0.4), random.uniform(-0.75, -0.25), random.uniform(-0.1, 0.1))
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    x, y = (columns - SIZE / 2) / SIZE + random.uniform(-0.1, 0.1), (SIZE / 2 - rows) / SIZE + random.uniform(-0.1, 0.1)
    direction = np.stack([x, y, np.full_like(x, -1.3)], -1) @ camera.T
    direction /= length(direction)[..., None]
    origin = camera @ np.array([0, 0, 3.4])
    light = np.array([random.uniform(-1, 1), random.uniform(0.8, 1.6), random.uniform(0.2, 1.2)])
    light /= np.sqrt(light @ light)

    depth = march(solid, origin, direction, 50, 8)
    point = origin + depth[..., None] * direction
    hit = solid(point) < 0.02
    edge = 1e-3 * np.eye(3)
    normal = np.stack([solid(point + e) - solid(point - e) for e in edge], -1)
    normal /= length(normal)[..., None] + 1e-9
    flesh, stem = parts(point)
    ripe = RIPENESS[kind]
    first, second = (np.array(ripe[i]) for i in random.integers(0, len(ripe), 2))
    blush = smooth_noise(random, 5)[..., None]
    color = np.where((stem < flesh)[..., None], (0.30, 0.20, 0.10), first + (second - first) * blush)
    shade = np.clip(normal @ light, 0, 1)
    shine = np.clip((normal * (light - direction / 1.0)).sum(-1) / length(light - direction), 0, 1) ** 40
    lit = color * (0.3 + 0.8 * shade)[..., None] + random.uniform(0.1, 0.5) * shine[..., None]

    table = -0.75 * scale
    slope = np.minimum(direction[..., 1], -1e-3)
    ground = origin + ((table - origin[1]) / slope)[..., None] * direction
    dark = march(solid, ground, np.broadcast_to(light, ground.shape), 30, 6) < 4
    wood, wall = random.uniform(0.25, 0.9, 3), random.uniform(0.2, 0.9, 3)
    grain = 0.75 + 0.5 * smooth_noise(random, int(random.integers(3, 16)))[..., None]
    back = np.where((direction[..., 1] < -0.05)[..., None], wood * grain * np.where(dark, 0.55, 1)[..., None], wall * (0.8 + 0.2 * grain))

    picture = np.where(hit[..., None], lit, back) * random.uniform(0.75, 1.1)
    picture += random.normal(0, 0.015, picture.shape)
    return Image.fromarray((255 * np.clip(picture, 0, 1) ** 0.9).astype("uint8"))


def main(folder):
    random = np.random.default_rng(2026)
    for part, counts in COUNTS.items():
        pictures = {(kind, number): render(kind, random) for kind, count in counts.items() for number in range(count)}
        if part == "train":
            # What a real folder contains too: wrong labels, a copy, a picture out of focus, and one without light.
            pictures["pear", 5], pictures["apple", 17] = pictures["apple", 17], pictures["pear", 5]
            pictures["banana", 9], pictures["apple", 41] = pictures["apple", 41], pictures["banana", 9]
            pictures["banana", 30] = pictures["banana", 12].point(lambda value: int(0.93 * value))
            pictures["apple", 3] = pictures["apple", 3].filter(ImageFilter.GaussianBlur(4))
            pictures["apple", 60] = pictures["apple", 60].point(lambda value: value // 8)
        for (kind, number), picture in pictures.items():
            path = pathlib.Path(folder, part, kind, f"{kind}-{number:02}.jpg")
            path.parent.mkdir(parents=True, exist_ok=True)
            picture.save(path, quality=82)


main(sys.argv[1])
