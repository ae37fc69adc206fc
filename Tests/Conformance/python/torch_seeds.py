"""Writes seeds for the fuzzer of the reader of PyTorch's files into a folder (Fuzz/Corpus/pytorch): small archives, and pickles alone."""
import collections
import io
import pathlib
import sys
import zipfile

import torch

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
base = torch.arange(16, dtype=torch.float32)
linear = torch.nn.Linear(2, 2)
cases = {
    "state": linear.state_dict(),
    "views": {"a": base.view(4, 4).t(), "b": base[3:9:2], "c": base[5], "d": base[:0]},
    "half": {"a": base.half(), "b": base.bfloat16(), "c": base.double(), "d": base.long()},
    "checkpoint": {"epoch": 1, "state_dict": linear.state_dict(), "raw": b"x", "list": [None, True, 1.5, -1, 1 << 70]},
    "parameters": collections.OrderedDict(linear.named_parameters()),
}
for name, value in cases.items():
    for protocol in [2, 4]:
        file = io.BytesIO()
        torch.save(value, file, pickle_protocol=protocol)
        archive = zipfile.ZipFile(file)
        pickle = next(archive.read(item) for item in archive.namelist() if item.endswith("data.pkl"))
        if len(file.getvalue()) <= 4096:
            (folder / f"{name}{protocol}").write_bytes(file.getvalue())
        (folder / f"{name}{protocol}.pickle").write_bytes(pickle)
(folder / "call").write_bytes(b"\x80\x02cos\nsystem\nX\x01\x00\x00\x00x\x85R.")
(folder / "cycle").write_bytes(b"\x80\x02}q\x00(X\x01\x00\x00\x00sh\x00u.")
file = io.BytesIO()
torch.save(linear.state_dict(), file, _use_new_zipfile_serialization=False)
(folder / "legacy").write_bytes(file.getvalue()[:4096])
