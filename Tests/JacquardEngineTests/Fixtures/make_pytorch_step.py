#!/usr/bin/env python3
"""Writes pytorch_step.json: what PyTorch computes in two training steps of the built-in models.

Weights and images come from a formula, not from a generator, so that Swift builds the same numbers bit for
bit (README.md beside this file). The reference runs in float64. The same steps are repeated in float32 by
several of PyTorch's own code paths, and the largest distance from the reference is recorded: it tells how much
of a difference is rounding. `--search` prints the batches of images that keep furthest from any kink.
"""

import json
import math
import pathlib
import sys
from typing import Callable, Iterator

import numpy as np
import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "Benchmarks" / "peers"))

import kinks  # noqa: E402
import torch_models  # noqa: E402

STEPS = 2
SAMPLES = 8
LOGIT_ROWS = 2
LABEL_TENSOR = 1001
# Images are numbered like tensors; these numbers are the best of SEARCH_RANGE (see kinks.py).
BATCHES = {
    "lenet": {"batch": 16, "image_tensor": 2513},
    "cnn": {"batch": 16, "image_tensor": 3771},
    "vgg": {"batch": 8, "image_tensor": 3457},
}
SEARCH_RANGE = range(2000, 4000)
OPTIMIZERS = {
    "sgd": {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.0},
    "adam": {"lr": 1e-3, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.0},
    "adamw": {"lr": 1e-3, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01},
}

# --- The portable formula -------------------------------------------------------------------------------


def mix(tensor: int, count: int) -> np.ndarray:
    """SplitMix64's finalizer of (tensor << 32) + i for i in 0..<count, as uint64; arithmetic wraps."""
    with np.errstate(over="ignore"):
        z = np.uint64(tensor << 32) + np.arange(count, dtype=np.uint64)
        z += np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def unit(tensor: int, count: int) -> np.ndarray:
    """Numbers k / 2^24 in [0, 1), each exact in float32."""
    return (mix(tensor, count) >> np.uint64(40)).astype(np.float32) / np.float32(1 << 24)


def images(batch: int, image_tensor: int) -> np.ndarray:
    """[batch, 1, 28, 28]; with one channel the flat order is the same in NHWC."""
    pixels = unit(image_tensor, batch * 28 * 28).reshape(batch, 1, 28, 28)
    return (pixels - np.float32(0.28604)) / np.float32(0.35302)


def labels(batch: int) -> np.ndarray:
    return (mix(LABEL_TENSOR, batch) % np.uint64(10)).astype(np.int64)


def initial_value(name: str, shape: torch.Size, ordinal: int) -> np.ndarray:
    """The float32 starting value of one trainable parameter; every operation rounds to float32."""
    u = unit(ordinal, math.prod(shape))
    layer, kind = name.split(".")
    one, two = np.float32(1), np.float32(2)
    if layer.startswith("bn") and kind == "weight":
        values = np.float32(0.5) + u
    elif kind == "bias":
        values = (two * u - one) * np.float32(0.1)
    else:
        fan_in = math.prod(shape[1:])
        values = (two * u - one) * np.float32(math.sqrt(6 / fan_in))
    assert values.dtype == np.float32
    return values.reshape(shape)


# --- Two training steps ---------------------------------------------------------------------------------


def build(name: str, dtype: torch.dtype) -> nn.Sequential:
    model = torch_models.build(name).to(dtype)
    with torch.no_grad():
        for ordinal, (key, parameter) in enumerate(model.named_parameters()):
            parameter.copy_(torch.from_numpy(initial_value(key, parameter.shape, ordinal)))
    return model


def make_optimizer(kind: str, model: nn.Sequential) -> torch.optim.Optimizer:
    settings = OPTIMIZERS[kind]
    if kind == "sgd":
        return torch.optim.SGD(model.parameters(), **settings)
    if kind == "adam":
        return torch.optim.Adam(model.parameters(), **settings)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    spared = [p for p in model.parameters() if p.dim() == 1]
    return torch.optim.AdamW(
        [{"params": decayed}, {"params": spared, "weight_decay": 0.0}], **settings
    )


def flat(tensor: torch.Tensor) -> np.ndarray:
    """A copy in float64, in PyTorch's logical (row-major) order whatever the memory format is."""
    return tensor.detach().contiguous().double().numpy().reshape(-1).copy()


def values_of(model: nn.Sequential) -> dict[str, np.ndarray]:
    """Parameters and running statistics in the order of the state dictionary, without the batch counters."""
    return {k: flat(v) for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}


def run(name: str, kind: str, dtype: torch.dtype, memory_format=torch.contiguous_format) -> dict:
    model = build(name, dtype).to(memory_format=memory_format)
    x = torch.from_numpy(images(**BATCHES[name])).to(dtype).contiguous(memory_format=memory_format)
    y = torch.from_numpy(labels(BATCHES[name]["batch"]))
    optimizer = make_optimizer(kind, model)
    result = {"initial": values_of(model), "losses": [], "gradients": [], "after": [], "logits": [], "margins": []}
    model.train()
    for _ in range(STEPS):
        if dtype == torch.float64:
            result["margins"].append(kinks.margin(model, x))
        optimizer.zero_grad()
        logits = model(x)
        loss = nn.functional.cross_entropy(logits, y)
        loss.backward()
        result["logits"].append(logits.detach().double().numpy())
        result["losses"].append(loss.item())
        result["gradients"].append({k: flat(p.grad) for k, p in model.named_parameters()})
        optimizer.step()
        result["after"].append(values_of(model))
    model.eval()
    with torch.no_grad():
        result["eval_logits"] = model(x).double().numpy()
    result["shapes"] = {k: list(v.shape) for k, v in model.state_dict().items()}
    return result


# --- What is recorded -----------------------------------------------------------------------------------


def sample_indices(count: int, gradients: list[np.ndarray]) -> list[int]:
    """One index in each of eight equal ranges, the first whose gradient is well away from zero.

    Adam divides a gradient by its own size: where it is all but zero, rounding alone decides the update's sign,
    and such a value would say nothing about an implementation.
    """
    if count <= SAMPLES:
        return list(range(count))
    edges = [count * k // SAMPLES for k in range(SAMPLES + 1)]
    chosen = []
    for begin, end in zip(edges, edges[1:]):
        offset = (end - begin) // 3
        candidates = [begin + (offset + k) % (end - begin) for k in range(end - begin)]
        sound = lambda i: all(abs(g[i]) >= 0.1 * math.sqrt(np.mean(g * g)) for g in gradients)
        fallback = max(candidates, key=lambda i: abs(gradients[0][i])) if gradients else candidates[0]
        chosen.append(next((i for i in candidates if sound(i)), fallback))
    return chosen


def short(value: float) -> float:
    return float(f"{value:.11g}")


def digest(values: np.ndarray, at: list[int]) -> dict:
    return {
        "sum": short(math.fsum(values)),
        "norm": short(math.sqrt(math.fsum(values * values))),
        "values": [short(values[i]) for i in at],
    }


def rows(logits: np.ndarray) -> list[list[float]]:
    return [[short(v) for v in row] for row in logits[:LOGIT_ROWS]]


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """‖found − expected‖ / ‖expected‖."""
    return float(np.linalg.norm(found - expected) / max(np.linalg.norm(expected), 1e-300))


def float32_variants(name: str, kind: str) -> Iterator[dict]:
    """The same steps by PyTorch's three float32 code paths."""
    yield run(name, kind, torch.float32)
    yield run(name, kind, torch.float32, torch.channels_last)
    with torch.backends.mkldnn.flags(enabled=False):
        yield run(name, kind, torch.float32)


def deviation(reference: dict, variants: list[dict]) -> dict:
    """The largest distances of float32 runs from the reference, over tensors and code paths."""

    def worst(measure: Callable[[dict], float]) -> float:
        return float(f"{max(measure(variant) for variant in variants):.2g}")

    def tensors(found: dict, expected: dict) -> float:
        return max(distance(found[key], expected[key]) for key in expected)

    def update(result: dict) -> dict:
        return {key: values - result["initial"][key] for key, values in result["after"][-1].items()}

    return {
        "losses": worst(lambda v: max(abs(a / b - 1) for a, b in zip(v["losses"], reference["losses"]))),
        "logits": worst(lambda v: distance(v["logits"][0], reference["logits"][0])),
        "gradient": worst(lambda v: tensors(v["gradients"][0], reference["gradients"][0])),
        "after": worst(lambda v: tensors(v["after"][-1], reference["after"][-1])),
        "update": worst(lambda v: tensors(update(v), update(reference))),
        "eval_logits": worst(lambda v: distance(v["eval_logits"], reference["eval_logits"])),
    }


def record(name: str) -> dict:
    runs = {kind: run(name, kind, torch.float64) for kind in OPTIMIZERS}
    first = runs["sgd"]  # up to the first update all optimizers agree
    x = images(**BATCHES[name]).reshape(-1)
    corners = [0, 1, x.size - 1]
    tensors, at = [], {}
    for key, values in first["initial"].items():
        gradients = [g[key] for r in runs.values() for g in r["gradients"] if key in g]
        at[key] = sample_indices(values.size, gradients)
        entry = {"name": key, "shape": first["shapes"][key], "at": at[key], "initial": digest(values, at[key])}
        if gradients:
            entry["gradient"] = digest(first["gradients"][0][key], at[key])
        else:
            entry["after_first_step"] = digest(first["after"][0][key], at[key])
        tensors.append(entry)
    return {
        "parameters": torch_models.PARAMETER_COUNTS[name],
        **BATCHES[name],
        "labels": labels(BATCHES[name]["batch"]).tolist(),
        "images": {"at": corners, **digest(x.astype(float), corners)},
        "logits": rows(first["logits"][0]),
        "tensors": tensors,
        "runs": {
            kind: {
                "losses": [short(loss) for loss in r["losses"]],
                "eval_logits": rows(r["eval_logits"]),
                "after": {key: digest(r["after"][-1][key], at[key]) for key in at},
                "kink_margins": [float(f"{margin:.2g}") for margin in r["margins"]],
                "float32_deviation": deviation(r, list(float32_variants(name, kind))),
            }
            for kind, r in runs.items()
        },
    }


def search(name: str) -> tuple[float, int]:
    """The largest margin over both steps of SGD, and the images it belongs to; Adam's second step is left to chance."""
    found = []
    for image_tensor in SEARCH_RANGE:
        BATCHES[name]["image_tensor"] = image_tensor
        found.append((min(run(name, "sgd", torch.float64)["margins"]), image_tensor))
    return max(found)


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    if sys.argv[1:] == ["--search"]:
        for name in BATCHES:
            print(name, *search(name))
        return
    fixture = {
        "schema": 1,
        "torch": torch.__version__,
        "precision": "float64",
        "steps": STEPS,
        "optimizers": OPTIMIZERS,
        "models": {name: record(name) for name in BATCHES},
    }
    path = HERE / "pytorch_step.json"
    path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
