"""The networks as ONNX graphs with random weights. Inputs are [N, channels, height, width], outputs are logits."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import networks
from networks import NETWORKS, Layer


class _Graph:
    """Appends the nodes of layers, and the weights that they need."""

    def __init__(self, side: int, channels: int) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.parameter_count = 0
        self.value, self._side, self._channels = "input", side, channels
        self._generator = np.random.default_rng(1)

    def append(self, layers: list[Layer]) -> None:
        for kind, *settings in layers:
            getattr(self, f"_{kind}")(*settings)

    def _node(self, kind: str, *inputs: str, **attributes: object) -> None:
        output = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [self.value, *inputs], [output], **attributes))
        self.value = output

    def _weight(self, values: np.ndarray, trained: bool = True) -> str:
        name = f"weight{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values.astype(np.float32), name))
        self.parameter_count += values.size if trained else 0
        return name

    def _random(self, *shape: int) -> str:
        deviation = (2 / np.prod(shape[1:])) ** 0.5
        return self._weight(self._generator.normal(0, deviation, shape))

    def _convolution(self, outputs: int, kernel: int, stride: int, padding: int, groups: int, bias: bool) -> None:
        weights = [self._random(outputs, self._channels // groups, kernel, kernel)]
        if bias:
            weights.append(self._weight(np.zeros(outputs)))
        self._node("Conv", *weights, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[padding] * 4, group=groups)
        self._side, self._channels = (self._side + 2 * padding - kernel) // stride + 1, outputs

    def _norm(self) -> None:
        ones, zeros = np.ones(self._channels), np.zeros(self._channels)
        trained = [self._weight(ones), self._weight(zeros)]
        running = [self._weight(zeros, trained=False), self._weight(ones, trained=False)]
        self._node("BatchNormalization", *trained, *running, epsilon=1e-5)

    def _relu(self) -> None:
        self._node("Relu")

    def _pool(self, kernel: int, stride: int, padding: int) -> None:
        self._node("MaxPool", kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[padding] * 4)
        self._side = (self._side + 2 * padding - kernel) // stride + 1

    def _flatten(self) -> None:
        self._node("Flatten", axis=1)
        self._channels *= self._side**2

    def _global_pool(self) -> None:
        self._node("GlobalAveragePool")
        self._node("Flatten", axis=1)

    def _dense(self, outputs: int) -> None:
        self._node("Gemm", self._random(outputs, self._channels), self._weight(np.zeros(outputs)), transB=1)
        self._channels = outputs

    def _residual(self, body: list[Layer], shortcut: list[Layer]) -> None:
        start = self.value, self._side, self._channels
        self.append(shortcut)
        skip = self.value
        self.value, self._side, self._channels = start
        self.append(body)
        self._node("Add", skip)


def build(name: str) -> bytes:
    """The network called `name`, serialized; its parameter count is checked against the published one."""
    network = NETWORKS[name]
    graph = _Graph(network.side, network.channels)
    graph.append(networks.layers(network))
    if graph.parameter_count != network.parameters:
        raise AssertionError(f"{name} has {graph.parameter_count} parameters, expected {network.parameters}")
    shape = ["batch", network.channels, network.side, network.side]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes, name, [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(graph.value, TensorProto.FLOAT, ["batch", network.classes])], graph.weights),
        opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()
