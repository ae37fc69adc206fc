"""Lets onnxruntime rewrite all models (NAME.onnx) of a folder for speed, as NAME.basic.onnx and NAME.extended.onnx, and prints, as
JSON, the operators of each."""
import json
import pathlib
import sys

import onnx
import onnxruntime

levels = {
    "basic": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    "extended": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
}
found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    for name, level in levels.items():
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        options.graph_optimization_level = level
        target = path.with_suffix(f".{name}.onnx")
        options.optimized_model_filepath = str(target)
        onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        found[target.stem] = sorted({node.op_type for node in onnx.load(target).graph.node})
print(json.dumps(found))
