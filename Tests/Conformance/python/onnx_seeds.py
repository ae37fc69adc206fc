"""Writes seeds for the fuzzer of the ONNX reader into a folder (Fuzz/Corpus/onnx): small cases of onnx.backend.test and small models."""
import pathlib
import sys
import warnings

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

warnings.simplefilter("ignore")
from onnx.backend.test.loader import load_model_tests  # noqa: E402

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
CASES = """basic_conv_with_padding conv_with_strides_and_asymmetric_padding maxpool_2d_precomputed_same_upper maxpool_2d_ceil
averagepool_2d_precomputed_pads averagepool_2d_ceil globalaveragepool_precomputed gemm_all_attributes matmul_2d batchnorm_example
leakyrelu relu softmax_example logsoftmax_example_1 flatten_axis1 reshape_negative_dim squeeze unsqueeze_negative_axes identity
dropout_default_ratio transpose_default swish gelu_default_1 constant_pad reduce_mean_keepdims_example shape concat_1d_axis_0
gather_0 slice add_bcast sub div mul sum_two_inputs cast_FLOAT_to_DOUBLE sigmoid erf""".split()
for case in load_model_tests(kind="node"):
    if case.name.removeprefix("test_") not in CASES:
        continue
    model = case.model
    for value, array in list(zip(model.graph.input, case.data_sets[0][0]))[1:]:
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), value.name))
        model.graph.input.remove(value)
    if model.ByteSize() <= 4096:
        onnx.save(model, folder / case.name.removeprefix("test_"))

random = np.random.default_rng(1)


def weights(name, *shape):
    return numpy_helper.from_array(random.normal(size=shape).astype(np.float32), name)


def write(name, nodes, tensors, shape, element=TensorProto.FLOAT, opset=17):
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("x", element, ["batch", *shape])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], tensors)
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=imports)
    helper.set_model_props(model, {"class_names": '["a","b","c"]'})
    onnx.save(model, folder / name)


node = helper.make_node
write("model", [
    node("Cast", ["x"], ["f"], to=1), node("Mul", ["f", "k"], ["s"]), node("Sub", ["s", "m"], ["c"]), node("Div", ["c", "d"], ["p"]),
    node("Conv", ["p", "w", "b"], ["1"], pads=[1, 1, 1, 1]), node("BatchNormalization", ["1", "g", "h", "r", "v"], ["2"]),
    node("Relu", ["2"], ["3"]), node("Conv", ["3", "w2"], ["4"], kernel_shape=[1, 1]), node("Add", ["4", "3"], ["5"]),
    node("MaxPool", ["5"], ["6"], kernel_shape=[2, 2], strides=[2, 2]), node("Shape", ["6"], ["7"]), node("Gather", ["7", "i"], ["8"]),
    node("Concat", ["8", "j"], ["9"], axis=0), node("Reshape", ["6", "9"], ["10"]), node("Gemm", ["10", "q", "t"], ["11"], transB=1),
    node("Softmax", ["11"], ["y"]),
], [
    *[numpy_helper.from_array(np.float32(value), name) for name, value in [("k", 1 / 255), ("m", 0.3), ("d", 0.4)]],
    weights("w", 2, 1, 3, 3), weights("b", 2), *[weights(name, 2) for name in "ghr"],
    numpy_helper.from_array(np.ones(2, np.float32), "v"), weights("w2", 2, 2, 1, 1), weights("q", 3, 8), weights("t", 3),
    numpy_helper.from_array(np.array([0]), "i"), numpy_helper.from_array(np.array([-1]), "j"),
], [1, 4, 4], TensorProto.UINT8)
write("last", [
    node("Transpose", ["x"], ["1"], perm=[0, 3, 1, 2]), node("Pad", ["1", "z"], ["2"]),
    node("FusedConv", ["2", "w"], ["3"], domain="com.microsoft", activation="LeakyRelu", activation_params=[0.1]),
    node("Mul", ["3", "a"], ["4"]), node("Transpose", ["4"], ["5"], perm=[0, 2, 3, 1]), node("Flatten", ["5"], ["6"]),
    node("MatMul", ["6", "q"], ["7"]), node("Sigmoid", ["7"], ["8"]), node("Mul", ["7", "8"], ["9"]),
    node("Mul", ["9", "s"], ["10"]), node("Gemm", ["10", "r"], ["y"]),
], [weights("w", 2, 2, 2, 2), weights("a", 2, 1, 1), weights("q", 18, 4), weights("s", 4), weights("r", 4, 3),
    numpy_helper.from_array(np.array([0, 0, 1, 0, 0, 0, 0, 1]), "z")], [3, 3, 2])
write("gelu", [
    node("Gemm", ["x", "q"], ["1"]), node("Div", ["1", "k"], ["2"]), node("Erf", ["2"], ["3"]), node("Add", ["3", "o"], ["4"]),
    node("Mul", ["1", "4"], ["5"]), node("Mul", ["5", "h"], ["6"]), node("MatMul", ["6", "r"], ["y"]),
], [weights("q", 5, 4), weights("r", 4, 3),
    *[numpy_helper.from_array(np.float32(value), name) for name, value in [("k", 2 ** 0.5), ("o", 1), ("h", 0.5)]]], [5], opset=11)

# Graphs whose numbers lie in a file named "data" beside them: the length of the graph in two bytes, the graph, that file.
beside = folder.parent / "onnx-external"
beside.mkdir(exist_ok=True)
weight = np.arange(8, dtype=np.float32).reshape(4, 2, 1, 1)
for name, offset, length, location in [
    ("whole", None, None, "data"), ("part", 8, 32, "data"), ("short", 32, 32, "data"), ("long", 0, 64, "data"),
    ("outside", 0, 32, "../data"), ("missing", 0, 32, "other"),
]:
    tensor = numpy_helper.from_array(weight, "w")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in [("location", location), ("offset", offset), ("length", length)]:
        if value is not None:
            tensor.external_data.add(key=key, value=str(value))
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w"], ["a"]), helper.make_node("Flatten", ["a"], ["y"])], "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2, 1, 1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 4])], [tensor])
    content = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString()
    numbers = weight.tobytes() if offset is None else bytes(8) + weight.tobytes()
    (beside / name).write_bytes(len(content).to_bytes(2, "little") + content + numbers)
