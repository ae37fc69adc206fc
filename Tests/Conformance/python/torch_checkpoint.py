"""Builds the modules of the models in a folder (NAME.json) with random weights and saves their state as PyTorch users do: NAME.safetensors, with
nothing beside the tensors, and NAME.pth, a checkpoint. Writes images.idx, ten images of random bytes, and NAME.npy, the probabilities that each module gives."""
import json
import pathlib
import struct
import sys

import numpy as np
import torch
from safetensors.torch import save_file

from torch_modules import network

torch.set_num_threads(1)
torch.manual_seed(2)
folder = pathlib.Path(sys.argv[1])
pixels = torch.randint(0, 256, (10, 28, 28), dtype=torch.uint8)
(folder / "images.idx").write_bytes(struct.pack(">4B3I", 0, 0, 8, 3, 10, 28, 28) + pixels.numpy().tobytes())
images = (pixels[:, None].float() / 255 - 0.28604) / 0.35302
for path in sorted(folder.glob("*.json")):
    model = network(json.loads(path.read_text()))
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if name.endswith("running_var"):
                tensor.uniform_(0.5, 1.5)
            elif tensor.dtype == torch.float32:
                tensor.normal_(0, max(1, tensor[0].numel()) ** -0.5)
        save_file(model.state_dict(), path.with_suffix(".safetensors"))
        torch.save({"epoch": 2, "state_dict": model.state_dict()}, path.with_suffix(".pth"))
        np.save(path.with_suffix(".npy"), torch.softmax(model(images), 1).numpy())
