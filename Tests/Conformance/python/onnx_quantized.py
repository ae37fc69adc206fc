"""Checks all quantized models (NAME.onnx) of a folder in full, runs them with onnxruntime on NAME.in.npy, with its kernels for bytes and as written,
and compares with NAME.out.npy. Prints, as JSON, what it found in each."""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

found = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    images = np.load(path.with_suffix(".in.npy"))
    expected = np.load(path.with_suffix(".out.npy"))
    result = {"name": path.stem}
    for name, level in [("bytes", "ORT_ENABLE_ALL"), ("written", "ORT_DISABLE_ALL")]:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
        if name == "bytes":
            options.optimized_model_filepath = str(path.with_suffix(".optimized"))
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        logits = session.run(["logits"], {session.get_inputs()[0].name: images})[0]
        scale = max(1e-6, float(np.abs(expected).max()))
        result[name] = {
            "difference": float(np.abs(logits - expected).max()) / scale,
            "agreement": float(np.mean(logits.argmax(1) == expected.argmax(1))),
            "identical": float(np.mean(logits == expected)),
        }
    optimized = onnx.load(path.with_suffix(".optimized"))
    result["operators"] = sorted(node.op_type for node in optimized.graph.node)
    found.append(result)
print(json.dumps(found))
