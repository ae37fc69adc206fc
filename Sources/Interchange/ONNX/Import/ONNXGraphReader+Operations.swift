internal import JacquardEngine

extension ONNXNetworkGraph {
  /// The supported operators, sorted by name.
  package static var operators: [String] { ONNXGraphReader.operations.keys.sorted() }
}

extension ONNXGraphReader {
  /// Reads a node: computes its value from the values of its inputs.
  typealias Operation =
    @Sendable (inout ONNXGraphReader, inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue

  /// All supported operators by name, prefixed with the domain if it is not the standard one.
  static let operations: [String: Operation] = [
    "Abs": { reader, call throws(ONNXImportError.Problem) in try reader.unary(.magnitude, &call) },
    "Add": { reader, call throws(ONNXImportError.Problem) in try reader.add(&call) },
    "AveragePool": { reader, call throws(ONNXImportError.Problem) in try reader.averagePool(&call) },
    "BatchNormalization": { reader, call throws(ONNXImportError.Problem) in try reader.batchNorm(&call) },
    "Cast": { reader, call throws(ONNXImportError.Problem) in try reader.cast(&call) },
    "Ceil": { reader, call throws(ONNXImportError.Problem) in try reader.unfolded(call) },
    "Celu": { reader, call throws(ONNXImportError.Problem) in try reader.activationLayer(&call) },
    "Clip": { reader, call throws(ONNXImportError.Problem) in try reader.clip(&call) },
    "Concat": { reader, call throws(ONNXImportError.Problem) in try reader.concat(&call) },
    "Constant": { reader, call throws(ONNXImportError.Problem) in try reader.constant(&call) },
    "ConstantOfShape": { reader, call throws(ONNXImportError.Problem) in try reader.unfolded(call) },
    "Conv": { reader, call throws(ONNXImportError.Problem) in try reader.convolution(&call) },
    "DequantizeLinear": { reader, call throws(ONNXImportError.Problem) in try reader.dequantize(&call) },
    "Div": { reader, call throws(ONNXImportError.Problem) in try reader.divide(&call) },
    "Dropout": { reader, call throws(ONNXImportError.Problem) in try reader.dropout(&call) },
    "Elu": { reader, call throws(ONNXImportError.Problem) in try reader.activationLayer(&call) },
    "Erf": { reader, call throws(ONNXImportError.Problem) in try reader.unary(.error, &call) },
    "Exp": { reader, call throws(ONNXImportError.Problem) in try reader.unary(.exponential, &call) },
    "Expand": { reader, call throws(ONNXImportError.Problem) in try reader.expand(&call) },
    "Flatten": { reader, call throws(ONNXImportError.Problem) in try reader.flatten(&call) },
    "Floor": { reader, call throws(ONNXImportError.Problem) in try reader.unfolded(call) },
    "Gather": { reader, call throws(ONNXImportError.Problem) in try reader.gather(&call) },
    "Gelu": { reader, call throws(ONNXImportError.Problem) in try reader.gelu(&call) },
    "Gemm": { reader, call throws(ONNXImportError.Problem) in try reader.gemm(&call) },
    "GlobalAveragePool": { reader, call throws(ONNXImportError.Problem) in try reader.globalPool(&call) },
    "GlobalMaxPool": { reader, call throws(ONNXImportError.Problem) in try reader.globalPool(&call) },
    "Greater": { reader, call throws(ONNXImportError.Problem) in try reader.comparison(.greater, call) },
    "GreaterOrEqual": { reader, call throws(ONNXImportError.Problem) in try reader.comparison(.greaterOrEqual, call) },
    "GroupNormalization": { reader, call throws(ONNXImportError.Problem) in try reader.groupNorm(&call) },
    "HardSigmoid": { reader, call throws(ONNXImportError.Problem) in try reader.hardSigmoid(&call) },
    "HardSwish": { reader, call throws(ONNXImportError.Problem) in try reader.activationLayer(&call) },
    "Identity": { reader, call throws(ONNXImportError.Problem) in try reader.value(0, of: call) },
    "InstanceNormalization": { reader, call throws(ONNXImportError.Problem) in try reader.instanceNorm(&call) },
    "LRN": { reader, call throws(ONNXImportError.Problem) in try reader.responseNorm(&call) },
    "LayerNormalization": { reader, call throws(ONNXImportError.Problem) in try reader.layerNorm(&call) },
    "LeakyRelu": { reader, call throws(ONNXImportError.Problem) in try reader.leakyRelu(&call) },
    "Less": { reader, call throws(ONNXImportError.Problem) in try reader.comparison(.less, call) },
    "LessOrEqual": { reader, call throws(ONNXImportError.Problem) in try reader.comparison(.lessOrEqual, call) },
    "Log": { reader, call throws(ONNXImportError.Problem) in try reader.unary(.logarithm, &call) },
    "LogSoftmax": { reader, call throws(ONNXImportError.Problem) in try reader.softmax(&call) },
    "MatMul": { reader, call throws(ONNXImportError.Problem) in try reader.matrixProduct(&call) },
    "Max": { reader, call throws(ONNXImportError.Problem) in try reader.bound(&call) },
    "MaxPool": { reader, call throws(ONNXImportError.Problem) in try reader.maxPool(&call) },
    "Min": { reader, call throws(ONNXImportError.Problem) in try reader.bound(&call) },
    "Mish": { reader, call throws(ONNXImportError.Problem) in try reader.activationLayer(&call) },
    "Mul": { reader, call throws(ONNXImportError.Problem) in try reader.multiply(&call) },
    "Neg": { reader, call throws(ONNXImportError.Problem) in try reader.negate(&call) },
    "PRelu": { reader, call throws(ONNXImportError.Problem) in try reader.prelu(&call) },
    "Pad": { reader, call throws(ONNXImportError.Problem) in try reader.pad(&call) },
    "Pow": { reader, call throws(ONNXImportError.Problem) in try reader.power(&call) },
    "QuantizeLinear": { reader, call throws(ONNXImportError.Problem) in try reader.quantize(&call) },
    "Reciprocal": { reader, call throws(ONNXImportError.Problem) in try reader.reciprocal(&call) },
    "ReduceMax": { reader, call throws(ONNXImportError.Problem) in try reader.reduction(&call) },
    "ReduceMean": { reader, call throws(ONNXImportError.Problem) in try reader.reduction(&call) },
    "Relu": { reader, call throws(ONNXImportError.Problem) in try reader.relu(&call) },
    "Reshape": { reader, call throws(ONNXImportError.Problem) in try reader.reshape(&call) },
    "Selu": { reader, call throws(ONNXImportError.Problem) in try reader.activationLayer(&call) },
    "Shape": { reader, call throws(ONNXImportError.Problem) in try reader.shape(&call) },
    "Sigmoid": { reader, call throws(ONNXImportError.Problem) in try reader.unary(.activation(.sigmoid), &call) },
    "Slice": { reader, call throws(ONNXImportError.Problem) in try reader.slice(&call) },
    "Softmax": { reader, call throws(ONNXImportError.Problem) in try reader.softmax(&call) },
    "Softplus": { reader, call throws(ONNXImportError.Problem) in try reader.unary(.activation(.softplus), &call) },
    "Softsign": { reader, call throws(ONNXImportError.Problem) in try reader.unary(.activation(.softsign), &call) },
    "Split": { reader, call throws(ONNXImportError.Problem) in try reader.split(&call) },
    "Sqrt": { reader, call throws(ONNXImportError.Problem) in try reader.squareRoot(&call) },
    "Squeeze": { reader, call throws(ONNXImportError.Problem) in try reader.squeeze(&call) },
    "Sub": { reader, call throws(ONNXImportError.Problem) in try reader.subtract(&call) },
    "Sum": { reader, call throws(ONNXImportError.Problem) in try reader.add(&call) },
    "Swish": { reader, call throws(ONNXImportError.Problem) in try reader.swish(&call) },
    "Tanh": { reader, call throws(ONNXImportError.Problem) in try reader.unary(.activation(.tanh), &call) },
    "Transpose": { reader, call throws(ONNXImportError.Problem) in try reader.transpose(&call) },
    "Unsqueeze": { reader, call throws(ONNXImportError.Problem) in try reader.unsqueeze(&call) },
    "Where": { reader, call throws(ONNXImportError.Problem) in try reader.choice(call) },
    // Operators that onnxruntime fuses from several nodes.
    "com.microsoft.FusedConv": { reader, call throws(ONNXImportError.Problem) in try reader.convolution(&call) },
    "com.microsoft.FusedGemm": { reader, call throws(ONNXImportError.Problem) in try reader.gemm(&call) },
    "com.microsoft.FusedMatMul": { reader, call throws(ONNXImportError.Problem) in
      try reader.matrixProduct(&call)
    },
    "com.microsoft.Gelu": { reader, call throws(ONNXImportError.Problem) in try reader.gelu(&call) },
    "com.microsoft.BiasGelu": { reader, call throws(ONNXImportError.Problem) in try reader.gelu(&call) },
    "com.microsoft.FastGelu": { reader, call throws(ONNXImportError.Problem) in try reader.gelu(&call) },
    "com.microsoft.QuickGelu": { reader, call throws(ONNXImportError.Problem) in try reader.swish(&call) },
  ]
}
