"""Writes the cases of onnx.backend.test whose operators are all claimed: onnx_cases.py FOLDER OPERATOR…

Every case becomes NAME.onnx, NAME.in.npy and NAME.out.npy. The suite gives weights as inputs, too; all inputs behind the first become
numbers that the graph holds, as in a trained model. Prints the cases' names, the suite's order, as JSON. A case that is no tensor in, tensor out has no
arrays: it must be refused."""
import json
import pathlib
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper

warnings.simplefilter("ignore")
from onnx.backend.test.loader import load_model_tests  # noqa: E402

folder, claimed = pathlib.Path(sys.argv[1]), set(sys.argv[2:])


def stored(case):
    """Model, inputs and outputs of a case that lies in files; numbers that are no tensors are None."""
    model = onnx.load(pathlib.Path(case.model_dir) / "model.onnx")

    def read(name):
        path = pathlib.Path(case.model_dir) / "test_data_set_0" / name
        if not path.exists():
            return None
        return numpy_helper.to_array(onnx.TensorProto.FromString(path.read_bytes()))

    return model, [read(f"input_{i}.pb") for i in range(len(model.graph.input))], [read("output_0.pb")]


names = []
for kind in ["node", "simple", "pytorch-converted", "pytorch-operator"]:
    for case in load_model_tests(kind=kind):
        if case.model is not None:
            model, (inputs, outputs) = case.model, case.data_sets[0]
        elif pathlib.Path(case.model_dir or "none").exists():
            model, inputs, outputs = stored(case)
        else:
            continue
        operators = {f"{node.domain}.{node.op_type}" if node.domain else node.op_type for node in model.graph.node}
        if not operators or not operators <= claimed:
            continue
        graph = model.graph
        held = {tensor.name for tensor in graph.initializer}
        inputs, outputs = ([numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else value for value in values]
                           for values in (inputs, outputs))
        free = [(value, array) for value, array in zip(graph.input, inputs) if value.name not in held]
        for value, array in free[1:]:
            if isinstance(array, np.ndarray | np.generic):
                graph.initializer.append(numpy_helper.from_array(np.asarray(array), value.name))
                graph.input.remove(value)
        name = f"{kind}.{case.name}"
        onnx.save(model, folder / f"{name}.onnx")
        arrays = [free[0][1] if free else None, outputs[0]]
        if all(isinstance(array, np.ndarray) and array.dtype in (np.float32, np.float64, np.uint8) for array in arrays):
            np.save(folder / f"{name}.in.npy", arrays[0].astype(np.float32))
            np.save(folder / f"{name}.out.npy", arrays[1].astype(np.float32))
        names.append(name)
print(json.dumps(names))
