"""Small nets as the field writes them, exported by PyTorch: torch_networks.py FOLDER [dynamo].

Writes NAME.onnx with random weights, inputs for it (NAME.in.npy) and what onnxruntime makes of them (NAME.out.npy). Without `dynamo` they
are written by the exporter that traces, for operator sets 11 and 17, some of them quantized or in half precision, too. The other exporter
needs onnxscript 0.7.2; its files are among the fixtures. Prints the names as JSON.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


def conv(inputs, outputs, size=1, stride=1, groups=1, act=nn.ReLU):
    layers = [nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([act()] if act else []))


class Fire(nn.Module):
    def __init__(self, inputs, squeezed, outputs):
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeezed, 1)
        self.one, self.three = nn.Conv2d(squeezed, outputs, 1), nn.Conv2d(squeezed, outputs, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.one(x)), F.relu(self.three(x))], 1)


class DenseLayer(nn.Module):
    """Takes a list of all that came before, as torchvision's does."""

    def __init__(self, inputs, growth):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, 2 * growth, 1, bias=False)
        self.norm2, self.conv2 = nn.BatchNorm2d(2 * growth), nn.Conv2d(2 * growth, growth, 3, padding=1, bias=False)

    def forward(self, features):
        x = self.conv1(F.relu(self.norm1(torch.cat(features, 1))))
        return self.conv2(F.relu(self.norm2(x)))


class DenseBlock(nn.Module):
    def __init__(self, inputs, growth, count):
        super().__init__()
        self.layers = nn.ModuleList([DenseLayer(inputs + index * growth, growth) for index in range(count)])

    def forward(self, x):
        features = [x]
        for layer in self.layers:
            features.append(layer(features))
        return torch.cat(features, 1)


class Inception(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.one = conv(inputs, 4)
        self.three = nn.Sequential(conv(inputs, 3), conv(3, 5, 3))
        self.five = nn.Sequential(conv(inputs, 2), conv(2, 3, 5))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), conv(inputs, 2))

    def forward(self, x):
        return torch.cat([self.one(x), self.three(x), self.five(x), self.pool(x)], 1)


class ShuffleUnit(nn.Module):
    def __init__(self, channels, stride):
        super().__init__()
        self.stride = stride
        half = channels // 2
        self.first = nn.Sequential(
            conv(half, half, 3, 2, half, None), conv(half, half)) if stride == 2 else nn.Identity()
        self.second = nn.Sequential(conv(half, half), conv(half, half, 3, stride, half, None), conv(half, half))

    def forward(self, x):
        if self.stride == 1:
            first, second = x.chunk(2, dim=1)
        else:
            first = second = x
        x = torch.cat([self.first(first), self.second(second)], 1)
        batch, channels, height, width = x.shape
        x = x.view(batch, 2, channels // 2, height, width)
        return torch.transpose(x, 1, 2).contiguous().view(batch, -1, height, width)


class Excite(nn.Module):
    def __init__(self, channels, squeezed, act=nn.ReLU, gate=nn.Sigmoid):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.one, self.two = nn.Conv2d(channels, squeezed, 1), nn.Conv2d(squeezed, channels, 1)
        self.act, self.gate = act(), gate()

    def forward(self, x):
        return x * self.gate(self.two(self.act(self.one(self.pool(x)))))


class Linear(nn.Module):
    """Squeeze-and-excite by dense layers, as the paper's code has it."""

    def __init__(self, channels, squeezed):
        super().__init__()
        self.one, self.two = nn.Linear(channels, squeezed), nn.Linear(squeezed, channels)

    def forward(self, x):
        batch, channels = x.shape[:2]
        y = x.mean((2, 3)).view(batch, channels)
        y = torch.sigmoid(self.two(torch.relu(self.one(y)))).view(batch, channels, 1, 1)
        return x * y.expand_as(x)


class Inverted(nn.Module):
    def __init__(self, inputs, outputs, stride, act, excite=None):
        super().__init__()
        self.adds = stride == 1 and inputs == outputs
        hidden = 3 * inputs
        layers = [conv(inputs, hidden, act=act), conv(hidden, hidden, 3, stride, hidden, act)]
        layers += [excite(hidden)] if excite else []
        self.layers = nn.Sequential(*layers, conv(hidden, outputs, act=None))

    def forward(self, x):
        return x + self.layers(x) if self.adds else self.layers(x)


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXt(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.one, self.two = nn.Conv2d(channels, 2 * channels, 1), nn.Conv2d(2 * channels, channels, 1)
        self.scale = nn.Parameter(torch.rand(channels, 1, 1))

    def forward(self, x):
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return x + self.scale * self.two(F.gelu(self.one(y)))


class Mean(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Moments(nn.Module):
    """A layer norm over channels by hand."""

    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.rand(channels)), nn.Parameter(torch.rand(channels))

    def forward(self, x):
        mean = x.mean(1, keepdim=True)
        variance = (x - mean).pow(2).mean(1, keepdim=True)
        x = (x - mean) / torch.sqrt(variance + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class ByHand(nn.Module):
    """Activation functions as people write them."""

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(2 if index == 0 else 4, 4, 1) for index in range(8)])
        self.dense = nn.Linear(4, 4)

    def forward(self, x):
        c = self.convs
        x = c[0](x)
        x = x * torch.tanh(F.softplus(x))
        x = c[1](x)
        x = x * F.relu6(x + 3) / 6
        x = c[2](x)
        x = 0.5 * x * (1 + torch.tanh(0.7978845608028654 * (x + 0.044715 * torch.pow(x, 3))))
        x = c[3](x)
        x = x * torch.sigmoid(1.702 * x)
        x = c[4](x)
        x = torch.max(x, 0.1 * x)
        x = c[5](x)
        x = x / (1 + torch.exp(-x))
        x = c[6](x)
        x = x * torch.tanh(torch.log(1 + torch.exp(x)))
        x = F.relu6(c[7](x) + 3) / 6
        return self.dense(x.mean((2, 3)))


def acts():
    functions = [
        nn.ReLU6(), nn.Tanh(), nn.Sigmoid(), nn.Hardswish(), nn.Hardsigmoid(), nn.ELU(0.7), nn.SELU(), nn.Softplus(), nn.Mish(),
        nn.GELU(approximate="tanh"), nn.GELU(), nn.SiLU(), nn.PReLU(3), nn.Hardtanh(-0.5, 0.8), nn.Softsign(), nn.CELU(),
        nn.LeakyReLU(0.3)]
    layers = []
    for index, function in enumerate(functions):
        layers += [nn.Conv2d(2 if index == 0 else 3, 3, 1), function]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3))


def head(channels, classes=5):
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(channels, classes)]


def networks():
    def small(x):
        return Excite(x, 3)

    def hard(x):
        return Excite(x, 3, nn.ReLU, nn.Hardsigmoid)

    def swish(x):
        return Excite(x, 3, nn.SiLU)

    return {
        "squeezenet": nn.Sequential(
            nn.Conv2d(2, 6, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), Fire(6, 3, 4), Fire(8, 3, 5), nn.Dropout(),
            nn.Conv2d(10, 5, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        "densenet": nn.Sequential(
            conv(2, 6, 3), nn.MaxPool2d(3, 2, 1), DenseBlock(6, 3, 4), conv(18, 8), nn.AvgPool2d(2), DenseBlock(8, 2, 3),
            nn.BatchNorm2d(14), nn.ReLU(), *head(14)),
        "googlenet": nn.Sequential(conv(2, 5, 3, 2), Inception(5), Inception(14), nn.MaxPool2d(2, 2, ceil_mode=True), *head(14)),
        "shufflenet": nn.Sequential(
            conv(2, 4, 3), ShuffleUnit(8, 2), ShuffleUnit(8, 1), ShuffleUnit(8, 1), *head(8)),
        "mobilenet2": nn.Sequential(
            conv(2, 4, 3, 2, act=nn.ReLU6), Inverted(4, 4, 1, nn.ReLU6), Inverted(4, 6, 2, nn.ReLU6), *head(6)),
        "mobilenet3": nn.Sequential(
            conv(2, 4, 3, 2, act=nn.Hardswish), Inverted(4, 4, 1, nn.ReLU, hard), Inverted(4, 6, 2, nn.Hardswish, hard),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 9), nn.Hardswish(), nn.Dropout(), nn.Linear(9, 5)),
        "efficientnet": nn.Sequential(
            conv(2, 4, 3, 2, act=nn.SiLU), Inverted(4, 4, 1, nn.SiLU, swish), Inverted(4, 6, 2, nn.SiLU, swish), *head(6)),
        "senet": nn.Sequential(conv(2, 6, 3), Linear(6, 3), conv(6, 4, 3, 2), small(4), *head(4)),
        "convnext": nn.Sequential(
            nn.Conv2d(2, 6, 2, 2), LayerNorm2d(6), ConvNeXt(6), ConvNeXt(6), Mean(), nn.LayerNorm(6),
            nn.Linear(6, 4)),
        "norms": nn.Sequential(
            nn.Conv2d(2, 6, 3), nn.GroupNorm(3, 6), nn.ReLU(), nn.Conv2d(6, 4, 3), nn.InstanceNorm2d(4, affine=True), nn.ReLU(),
            nn.Conv2d(4, 6, 1), nn.GroupNorm(1, 6), Moments(6), nn.Flatten(), nn.Linear(6 * 9 * 8, 4)),
        "pads": nn.Sequential(
            nn.ZeroPad2d((1, 2, 0, 1)), nn.Conv2d(2, 4, 3, 2), nn.ReLU(), nn.ZeroPad2d(1), nn.MaxPool2d(3, 2), nn.Conv2d(4, 4, 1),
            nn.ZeroPad2d((0, 1, 1, 0)), nn.MaxPool2d(2, 1), nn.AvgPool2d(3, 1, 1, count_include_pad=False),
            nn.AvgPool2d(3, 2, 1, ceil_mode=False), nn.Flatten(), nn.Linear(16, 3)),
        "acts": acts(),
        "byhand": ByHand(),
    }


def draw(model):
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.dtype == torch.float32:
                wide = torch.rand(tensor.shape) + 0.5 if name.endswith("running_var") or tensor.dim() == 1 else None
                tensor.copy_(wide if wide is not None else torch.randn(tensor.shape) / max(1, tensor[0].numel()) ** 0.5)


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    # Its optimizer makes zeros around a max pool padding, which never wins.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def strip(path):
    """Removes what tells where the exporter ran."""
    file = onnx.load(path)
    del file.metadata_props[:], file.graph.metadata_props[:]
    for entry in [*file.graph.node, *file.graph.value_info, *file.graph.input, *file.graph.output, *file.graph.initializer]:
        del entry.metadata_props[:]
        entry.doc_string = ""
    onnx.save(file, path)


def save(folder, title, images):
    found = session(folder / f"{title}.onnx")
    result = found.run(None, {found.get_inputs()[0].name: images})[0]
    np.save(folder / f"{title}.in.npy", images.astype(np.float32))
    np.save(folder / f"{title}.out.npy", result.astype(np.float32))
    names.append(title)


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
names = []
random = np.random.default_rng(5)
torch.manual_seed(5)
for name, model in networks().items():
    draw(model)
    model.eval()
    images = random.normal(0, 1, (3, 2, 13, 12)).astype(np.float32)
    given = torch.from_numpy(images)
    if "dynamo" in sys.argv[2:]:
        title = f"torch-dynamo-{name}"
        program = torch.onnx.export(
            model, (given,), dynamo=True, dynamic_shapes=({0: torch.export.Dim("batch")},), verbose=False)
        program.save(str(folder / f"{title}.onnx"), external_data=False)
        strip(folder / f"{title}.onnx")
        save(folder, title, images)
        continue
    for opset in [14, 17]:
        title = f"{name} {opset}"
        torch.onnx.export(
            model, (given,), str(folder / f"{title}.onnx"), opset_version=opset, dynamo=False, input_names=["input"],
            dynamic_axes={"input": {0: "batch"}})
        save(folder, title, images)
    if name in ["squeezenet", "mobilenet2", "senet"]:
        from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
        from onnxruntime.transformers.float16 import convert_float_to_float16

        class Reader(CalibrationDataReader):
            def __init__(self):
                self.batches = iter([{"input": random.normal(0, 1, (8, 2, 13, 12)).astype(np.float32)} for _ in range(8)])

            def get_next(self):
                return next(self.batches, None)

        for kind, per_channel in [("tensor", False), ("channels", True)]:
            title = f"{name} quantized by {kind}"
            quantize_static(
                str(folder / f"{name} 17.onnx"), str(folder / f"{title}.onnx"), Reader(), quant_format=QuantFormat.QDQ,
                per_channel=per_channel, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
            save(folder, title, images)
        title = f"{name} half"
        onnx.save(convert_float_to_float16(onnx.load(folder / f"{name} 17.onnx")), folder / f"{title}.onnx")
        save(folder, title, images.astype(np.float16))
print(json.dumps(names))
