"""For each NAME.safetensors of a folder, with NAME.json of {"layer", "class"}: the gradients of that logit by the input and by the layer's output,
the layer's output, Grad-CAM, and the fall of the logit under squares, by PyTorch. Prints the largest difference from NAME.KIND.npy, by kind, in units of
the largest number (of a fall, of the logit if that is larger)."""
import json
import pathlib
import sys

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from torch_modules import network

torch.set_num_threads(1)


def difference(found, path, least):
    expected = np.load(path)
    found = found.detach().numpy().reshape(expected.shape)
    return float(np.abs(found - expected).max() / max(np.abs(found).max(), least))


def occlusion(model, image, choice, patch, step):
    height, width = image.shape[2:]
    sums, counts = torch.zeros(height, width), torch.zeros(height, width)
    whole = model(image)[0, choice]

    def starts(side):
        last = max(0, side - patch)
        return sorted({*range(0, last, step), last})
    for top in starts(height):
        for left in starts(width):
            covered = image.clone()
            covered[:, :, top:top + patch, left:left + patch] = 0
            sums[top:top + patch, left:left + patch] += whole - model(covered)[0, choice]
            counts[top:top + patch, left:left + patch] += 1
    return sums / counts


differences = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.safetensors")):
    with safe_open(path, framework="pt") as file:
        model = network(json.loads(file.metadata()["jacquard.model"]))
    model.load_state_dict(load_file(path), strict=True)
    task = json.loads(path.with_suffix(".json").read_text())
    kept = []
    model.get_submodule(task["layer"]).register_forward_hook(lambda module, inputs, output: kept.append(output))
    image = torch.from_numpy(np.load(path.with_suffix(".in.npy"))).requires_grad_()
    logit = model(image)[0, task["class"]]
    layer = kept[0]
    by_input, by_layer = torch.autograd.grad(logit, [image, layer])
    weights = by_layer.mean(dim=(2, 3), keepdim=True)
    found = {
        "input": by_input, "layer": by_layer, "activations": layer,
        "map": torch.relu((weights * layer).sum(dim=1))[0],
    }
    with torch.no_grad():
        found["occlusion"] = occlusion(model, image, task["class"], task["patch"], task["step"])
    # A fall is a difference of logits, and as exact as they are.
    differences[path.stem] = {
        kind: difference(value, path.with_suffix(f".{kind}.npy"), logit.abs().item() if kind == "occlusion" else 1e-30)
        for kind, value in found.items()
    }
print(json.dumps(differences))
