"""Saves state dictionaries as PyTorch users do, one file for each way, into a folder; prints the tensors of each as JSON, and for files that are not
to be read the words that the refusal must have."""
import collections
import json
import pathlib
import sys

import torch

folder = pathlib.Path(sys.argv[1])
torch.manual_seed(3)
model = torch.nn.Sequential(
    torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(12, 4))
optimizer = torch.optim.AdamW(model.parameters())
model(torch.randn(5, 2, 4, 4)).sum().backward()
optimizer.step()
state = model.state_dict()
base = torch.arange(24, dtype=torch.float32)
cases = {
    "plain": state,
    "dict": dict(state),
    "module": {"module." + name: tensor for name, tensor in state.items()},
    "checkpoint": {
        "epoch": 3, "best": 0.75, "state_dict": state, "optimizer": optimizer.state_dict(), "when": None, "ok": True,
        "big": 1 << 80, "negative": -5, "list": [1, (2, 3)], "lr": 1e-3, "name": "größe", "raw": b"bytes",
        "dtype": torch.float32, "device": torch.device("cpu"), "size": torch.Size([2, 3])},
    "deep": {"checkpoint": {"model": state}},
    "parameters": dict(model.named_parameters()),
    "views": collections.OrderedDict(
        a=base[4:12].view(2, 4), b=base.view(4, 6).t(), c=base.view(2, 3, 4)[:, 1:, ::2], d=base[7], e=base[5:5],
        f=base.view(2, 3, 4).permute(2, 0, 1), g=base),
    "tied": {"one.weight": base, "two.weight": base},
    "last": {"w": torch.arange(48, dtype=torch.float32).view(1, 3, 4, 4).to(memory_format=torch.channels_last)},
    **{str(dtype).split(".")[1]: {"w": (base * 0.37 - 2).to(dtype)}
       for dtype in [torch.float32, torch.float64, torch.float16, torch.bfloat16]},
    "subnormal": {"w": torch.tensor([6e-8, -0.0, 65504, 5.96e-8], dtype=torch.float16)},
}


def tensors(value):
    if all(torch.is_tensor(tensor) for tensor in value.values()):
        return value
    return tensors(next(item for item in value.values() if isinstance(item, dict)))


expected = {}
for name, value in cases.items():
    for protocol in [2, 3, 4, 5]:
        torch.save(value, folder / f"{name}-{protocol}.pth", pickle_protocol=protocol)
        expected[f"{name}-{protocol}"] = {
            key: {"shape": list(tensor.shape), "values": tensor.detach().float().flatten().tolist()}
            for key, tensor in tensors(value).items() if tensor.is_floating_point()}

torch.save(state, folder / "legacy.pth", _use_new_zipfile_serialization=False)
torch.save(model, folder / "module-object.pth")
torch.save({"state_dict": state, "args": __import__("argparse").Namespace(lr=1)}, folder / "namespace.pth")
torch.save(state["0.weight"], folder / "tensor.pth")
torch.save([state], folder / "list.pth")
torch.save({"w": torch.quantize_per_tensor(base, 0.1, 0, torch.qint8)}, folder / "quantized.pth")
torch.save({"w": torch.eye(3).to_sparse()}, folder / "sparse.pth")
torch.save({"w": base[:1].expand(1000)}, folder / "expanded.pth")
torch.save({"generator": state, "discriminator": dict(state)}, folder / "several.pth")
torch.jit.script(model).save(str(folder / "script.pth"))


class Evil:
    def __reduce__(self):
        return (__import__("os").system, (f"touch {folder}/owned",))


torch.save({"w": base, "x": Evil()}, folder / "evil.pth")
refused = {
    "legacy": "PyTorch 1.5 or earlier", "module-object": "it needs torch.nn.modules.container.Sequential",
    "namespace": "it needs argparse.Namespace", "tensor": "found a single tensor", "list": "found a list",
    "quantized": "it needs torch.", "sparse": "it needs torch.", "expanded": "more than once",
    "several": '"generator", "discriminator"', "script": "TorchScript", "evil": "it needs posix.system",
}
print(json.dumps({"expected": expected, "refused": refused}))
