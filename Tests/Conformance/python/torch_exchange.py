"""For each NAME.safetensors of a folder: loads it strictly into the module of the model in its metadata, and compares what that makes
of NAME.in.npy with NAME.out.npy. Then draws other weights, saves them as NAME.torch.safetensors, and their outputs as
NAME.torch.npy. Prints the differences as JSON."""
import json
import pathlib
import sys

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from torch_modules import network

torch.set_num_threads(1)
torch.manual_seed(1)
differences = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.safetensors")):
    with safe_open(path, framework="pt") as file:
        model = network(json.loads(file.metadata()["jacquard.model"]))
    model.load_state_dict(load_file(path), strict=True)
    images = torch.from_numpy(np.load(path.with_suffix(".in.npy")))
    expected = np.load(path.with_suffix(".out.npy"))
    with torch.no_grad():
        difference = np.abs(model(images).numpy() - expected).max() / max(1, np.abs(expected).max())
        differences[path.stem] = float(difference)
        for name, tensor in model.state_dict().items():
            if tensor.dtype == torch.float32:
                tensor.copy_(torch.rand(tensor.shape) + 0.5 if name.endswith("running_var")
                             else torch.randn(tensor.shape) / max(1, tensor[0].numel()) ** 0.5)
        save_file(model.state_dict(), path.with_suffix(".torch.safetensors"))
        np.save(path.with_suffix(".torch.npy"), model(images).numpy())
print(json.dumps(differences))
