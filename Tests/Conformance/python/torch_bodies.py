"""Networks of torchvision and timm whole, with random weights: torch_bodies.py FOLDER.

Writes NAME.onnx, inputs for it (NAME.in.npy) and what onnxruntime makes of them (NAME.out.npy). Prints the names as JSON.
"""
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import torch

try:
    import torchvision
except RuntimeError:
    # Its compiled part is for another build of torch; the networks need only two names of it.
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    operators = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        operators.define(name + "(Tensor boxes, Tensor scores, float threshold) -> Tensor")
    import torchvision
import timm

torch.set_num_threads(1)

TORCHVISION = [
    "resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large", "squeezenet1_0", "squeezenet1_1", "efficientnet_b0",
    "shufflenet_v2_x1_0", "densenet121", "convnext_tiny", "regnet_y_400mf",
]
TIMM = [
    "resnet18", "resnet50", "mobilenetv2_100", "mobilenetv3_small_100", "mobilenetv3_large_100", "efficientnet_lite0", "tf_efficientnet_lite0",
    "mobilenetv4_conv_small", "repvgg_a0",
]


def main(folder):
    names = []
    networks = [("torchvision", name) for name in TORCHVISION] + [("timm", name) for name in TIMM]
    for library, name in networks:
        torch.manual_seed(len(names))
        network = getattr(torchvision.models, name)(weights=None) if library == "torchvision" else timm.create_model(name)
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.uniform_(-0.1, 0.1)
                module.running_var.uniform_(0.5, 1.5)
                torch.nn.init.uniform_(module.weight, 0.5, 1.5)
                torch.nn.init.uniform_(module.bias, -0.1, 0.1)
        path = folder / f"{library}-{name}"
        x = torch.rand(2, 3, 96, 96)
        # The operator sets that most published files have.
        torch.onnx.export(
            network.eval(), x, f"{path}.onnx", dynamo=False, opset_version=(11, 13, 17)[len(names) % 3], input_names=["x"],
            dynamic_axes={"x": {0: "batch"}})
        session = onnxruntime.InferenceSession(f"{path}.onnx", providers=["CPUExecutionProvider"])
        np.save(f"{path}.in.npy", x.numpy())
        np.save(f"{path}.out.npy", session.run(None, {"x": x.numpy()})[0])
        names.append(path.name)
    print(json.dumps(names))


main(pathlib.Path(sys.argv[1]))
