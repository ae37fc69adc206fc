"""How close a forward pass comes to a place where its gradient jumps.

ReLU's gradient jumps at zero and max-pooling's where two inputs of a window are equal. A rounding error that carries
a value across such a kink changes the gradient by far more than rounding, in any implementation, however correct.
"""

import copy

import torch
from torch import nn


def margin(model: nn.Sequential, x: torch.Tensor) -> float:
    """The smallest distance to a kink over all ReLU and 2×2 max-pool inputs, relative to each tensor's RMS."""
    model = copy.deepcopy(model)  # a forward pass in train mode moves the running statistics
    distances: list[float] = []

    def at_relu(_: nn.Module, inputs: tuple[torch.Tensor], __: torch.Tensor) -> None:
        (v,) = inputs
        distances.append((v.abs().min() / rms(v)).item())

    def at_pool(_: nn.Module, inputs: tuple[torch.Tensor], __: torch.Tensor) -> None:
        (v,) = inputs
        n, c, h, w = v.shape
        windows = v[:, :, : h // 2 * 2, : w // 2 * 2].reshape(n, c, h // 2, 2, w // 2, 2)
        top = windows.permute(0, 1, 2, 4, 3, 5).reshape(-1, 4).topk(2, dim=1).values
        alive = top[top[:, 0] > 0]  # a window of zeros after ReLU passes no gradient on
        distances.append(((alive[:, 0] - alive[:, 1]).min() / rms(v)).item())

    hooks = {nn.ReLU: at_relu, nn.MaxPool2d: at_pool}
    handles = [layer.register_forward_hook(hooks[type(layer)]) for layer in model if type(layer) in hooks]
    with torch.no_grad():
        model(x)
    for handle in handles:
        handle.remove()
    return min(distances)


def rms(v: torch.Tensor) -> torch.Tensor:
    return v.square().mean().sqrt()
