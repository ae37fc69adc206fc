"""The networks as ncnn reads them, with random weights: a text of layers and the bytes of their weights.

They have the form that ncnn's own optimizer gives a network: batch norms are part of the convolution before them, and a ReLU behind a
convolution or a dense layer is its activation. A sum's ReLU stays a layer.
"""

import numpy as np

import networks
from networks import NETWORKS, Layer


class _Graph:
    """Appends the lines of layers, and the weights that they need."""

    def __init__(self, side: int, channels: int) -> None:
        self.lines = ["Input input 0 1 input"]
        self.blobs = 1
        self.weights: list[bytes] = []
        self.value, self._side, self._channels = "input", side, channels
        self._generator = np.random.default_rng(1)

    def append(self, layers: list[Layer]) -> None:
        # A norm changes weights that are random anyway; what is left of it is the bias of its convolution.
        rest = [layer for layer in layers if layer != networks.NORM]
        for index, (kind, *settings) in enumerate(rest):
            following = rest[index + 1 : index + 2] == [networks.RELU]
            before = rest[index - 1][0] if index > 0 else ""
            if kind == "relu" and before in ("convolution", "dense"):
                continue
            if kind in ("convolution", "dense"):
                settings.append(following)
            getattr(self, f"_{kind}")(*settings)

    def _line(self, kind: str, inputs: list[str], outputs: int, *settings: str) -> list[str]:
        names = [f"blob{self.blobs + index}" for index in range(outputs)]
        self.blobs += outputs
        counts = [str(len(inputs)), str(outputs)]
        self.lines.append(" ".join([kind, f"layer{len(self.lines)}", *counts, *inputs, *names, *settings]))
        self.value = names[0]
        return names

    def _weighted(self, outputs: int, inputs: int) -> None:
        deviation = (2 / inputs) ** 0.5
        values = self._generator.normal(0, deviation, outputs * inputs).astype("<f4")
        # The weights of a layer begin with a word that says that they are floats; biases do not.
        self.weights += [b"\0\0\0\0", values.tobytes(), np.zeros(outputs, "<f4").tobytes()]

    def _convolution(
        self, outputs: int, kernel: int, stride: int, padding: int, groups: int, bias: bool, relu: bool
    ) -> None:
        inputs = self._channels // groups * kernel * kernel
        settings = [f"0={outputs}", f"1={kernel}", f"3={stride}", f"4={padding}", "5=1", f"6={outputs * inputs}"]
        if groups > 1:
            settings.append(f"7={groups}")
        settings.append(f"9={int(relu)}")
        self._line("ConvolutionDepthWise" if groups > 1 else "Convolution", [self.value], 1, *settings)
        self._weighted(outputs, inputs)
        self._side, self._channels = (self._side + 2 * padding - kernel) // stride + 1, outputs

    def _relu(self) -> None:
        self._line("ReLU", [self.value], 1)

    def _pool(self, kernel: int, stride: int, padding: int) -> None:
        # 5=1: a rest that fills no window is left out.
        self._line("Pooling", [self.value], 1, "0=0", f"1={kernel}", f"2={stride}", f"3={padding}", "5=1")
        self._side = (self._side + 2 * padding - kernel) // stride + 1

    def _flatten(self) -> None:
        self._line("Flatten", [self.value], 1)
        self._channels *= self._side**2

    def _global_pool(self) -> None:
        self._line("Pooling", [self.value], 1, "0=1", "4=1")

    def _dense(self, outputs: int, relu: bool) -> None:
        inputs = self._channels
        self._line("InnerProduct", [self.value], 1, f"0={outputs}", "1=1", f"2={outputs * inputs}", f"9={int(relu)}")
        self._weighted(outputs, inputs)
        self._channels = outputs

    def _residual(self, body: list[Layer], shortcut: list[Layer]) -> None:
        main, skip = self._line("Split", [self.value], 2)
        start = self._side, self._channels
        self.value = skip
        self.append(shortcut)
        skip = self.value
        self.value, (self._side, self._channels) = main, start
        self.append(body)
        self._line("BinaryOp", [self.value, skip], 1, "0=0")


def build(name: str) -> tuple[str, bytes, str]:
    """The network called `name`: the text of its layers, the bytes of its weights, and the name of its output."""
    network = NETWORKS[name]
    graph = _Graph(network.side, network.channels)
    graph.append(networks.layers(network))
    text = "\n".join(["7767517", f"{len(graph.lines)} {graph.blobs}", *graph.lines, ""])
    return text, b"".join(graph.weights), graph.value
