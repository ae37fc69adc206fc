"""The three built-in models as ONNX graphs with random weights. Inputs are [N, 1, 28, 28], outputs are 10 logits."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

PARAMETER_COUNTS = {"lenet": 61_706, "cnn": 93_322, "vgg": 288_170}


class _Graph:
    """Appends nodes in a row, and the weights that they need."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.parameter_count = 0
        self.value = "input"
        self._generator = np.random.default_rng(1)

    def node(self, kind: str, *inputs: str, **attributes: object) -> None:
        output = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [self.value, *inputs], [output], **attributes))
        self.value = output

    def weight(self, values: np.ndarray, trained: bool = True) -> str:
        name = f"weight{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values.astype(np.float32), name))
        self.parameter_count += values.size if trained else 0
        return name

    def _random(self, *shape: int) -> str:
        deviation = (2 / np.prod(shape[1:])) ** 0.5
        return self.weight(self._generator.normal(0, deviation, shape))

    def convolution(self, inputs: int, outputs: int, size: int, padding: int = 0, bias: bool = True) -> None:
        weights = [self._random(outputs, inputs, size, size)]
        if bias:
            weights.append(self.weight(np.zeros(outputs)))
        self.node("Conv", *weights, kernel_shape=[size, size], pads=[padding] * 4)

    def normalization(self, channels: int) -> None:
        trained = [self.weight(np.ones(channels)), self.weight(np.zeros(channels))]
        running = [self.weight(np.zeros(channels), trained=False), self.weight(np.ones(channels), trained=False)]
        self.node("BatchNormalization", *trained, *running, epsilon=1e-5)

    def relu(self) -> None:
        self.node("Relu")

    def pool(self) -> None:
        self.node("MaxPool", kernel_shape=[2, 2], strides=[2, 2])

    def flatten(self) -> None:
        self.node("Flatten", axis=1)

    def dense(self, inputs: int, outputs: int) -> None:
        self.node("Gemm", self._random(outputs, inputs), self.weight(np.zeros(outputs)), transB=1)


def _lenet(graph: _Graph) -> None:
    for inputs, outputs, padding in ((1, 6, 2), (6, 16, 0)):
        graph.convolution(inputs, outputs, 5, padding)
        graph.relu()
        graph.pool()
    graph.flatten()
    for inputs, outputs in ((400, 120), (120, 84)):
        graph.dense(inputs, outputs)
        graph.relu()
    graph.dense(84, 10)


def _cnn(graph: _Graph) -> None:
    for inputs, outputs, pooled in ((1, 32, True), (32, 64, True), (64, 64, False)):
        graph.convolution(inputs, outputs, 3)
        graph.relu()
        if pooled:
            graph.pool()
    graph.flatten()
    graph.dense(64 * 3 * 3, 64)
    graph.relu()
    graph.dense(64, 10)


def _vgg(graph: _Graph) -> None:
    inputs = 1
    for stage, channels in enumerate((32, 64, 128)):
        if stage > 0:
            graph.pool()
        for _ in range(2):
            graph.convolution(inputs, channels, 3, padding=1, bias=False)
            graph.normalization(channels)
            graph.relu()
            inputs = channels
    graph.node("GlobalAveragePool")
    graph.flatten()
    graph.dense(128, 10)


_BUILDERS = {"lenet": _lenet, "cnn": _cnn, "vgg": _vgg}


def build(name: str) -> bytes:
    """The model called `name`, serialized; its parameter count is checked against the published one."""
    graph = _Graph()
    _BUILDERS[name](graph)
    if graph.parameter_count != PARAMETER_COUNTS[name]:
        raise AssertionError(f"{name} has {graph.parameter_count} parameters, expected {PARAMETER_COUNTS[name]}")
    model = helper.make_model(
        helper.make_graph(
            graph.nodes, name,
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 1, 28, 28])],
            [helper.make_tensor_value_info(graph.value, TensorProto.FLOAT, ["batch", 10])], graph.weights),
        opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()
