"""Checks all models (NAME.onnx) of a folder in full, runs them with onnxruntime on NAME.in.npy, and compares with NAME.out.npy.
Prints, as JSON, what it found in each."""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
# As written, not as rewritten for speed.
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
found = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    (source,) = session.get_inputs()
    (output,) = session.get_outputs()
    images = np.load(path.with_suffix(".in.npy"))
    expected = np.load(path.with_suffix(".out.npy"))
    assert source.shape == ["batch", *images.shape[1:]], source.shape
    assert output.name == "logits" and output.shape == ["batch", expected.shape[1]], output.shape
    scale = max(1, float(np.abs(expected).max()))
    together = session.run(["logits"], {source.name: images})[0]
    alone = np.concatenate([session.run(["logits"], {source.name: image[np.newaxis]})[0] for image in images])
    difference = max(float(np.abs(logits - expected).max()) / scale for logits in [together, alone])
    found.append({
        "name": path.stem, "opset": model.opset_import[0].version, "ir": model.ir_version, "input": source.name,
        "metadata": {entry.key: entry.value for entry in model.metadata_props}, "difference": difference,
    })
print(json.dumps(found))
