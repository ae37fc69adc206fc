extension ONNXNetworkGraph {
  /// The operators that are read, in the order of their names.
  package static var operators: [String] { ONNXGraphReader.operations.keys.sorted() }
}

extension ONNXGraphReader {
  /// What reads a node: its value, from the values of its inputs.
  typealias Operation =
    @Sendable (inout ONNXGraphReader, inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXValue

  /// Every operator that is understood, by its name; those of other domains begin with them.
  static let operations: [String: Operation] = [
    "Add": { reader, call throws(ONNXImportError.Problem) in try reader.add(&call) },
    "AveragePool": { reader, call throws(ONNXImportError.Problem) in try reader.averagePool(&call) },
    "BatchNormalization": { reader, call throws(ONNXImportError.Problem) in try reader.batchNorm(&call) },
    "Cast": { reader, call throws(ONNXImportError.Problem) in try reader.cast(&call) },
    "Concat": { reader, call throws(ONNXImportError.Problem) in try reader.concat(&call) },
    "Constant": { reader, call throws(ONNXImportError.Problem) in try reader.constant(&call) },
    "Conv": { reader, call throws(ONNXImportError.Problem) in try reader.convolution(&call) },
    "Div": { reader, call throws(ONNXImportError.Problem) in try reader.divide(&call) },
    "Dropout": { reader, call throws(ONNXImportError.Problem) in try reader.dropout(&call) },
    "Erf": { reader, call throws(ONNXImportError.Problem) in try reader.errorFunction(&call) },
    "Flatten": { reader, call throws(ONNXImportError.Problem) in try reader.flatten(&call) },
    "Gather": { reader, call throws(ONNXImportError.Problem) in try reader.gather(&call) },
    "Gelu": { reader, call throws(ONNXImportError.Problem) in try reader.gelu(&call) },
    "Gemm": { reader, call throws(ONNXImportError.Problem) in try reader.gemm(&call) },
    "GlobalAveragePool": { reader, call throws(ONNXImportError.Problem) in try reader.globalPool(&call) },
    "GlobalMaxPool": { reader, call throws(ONNXImportError.Problem) in try reader.globalPool(&call) },
    "Identity": { reader, call throws(ONNXImportError.Problem) in try reader.value(0, of: call) },
    "LeakyRelu": { reader, call throws(ONNXImportError.Problem) in try reader.leakyRelu(&call) },
    "LogSoftmax": { reader, call throws(ONNXImportError.Problem) in try reader.softmax(&call) },
    "MatMul": { reader, call throws(ONNXImportError.Problem) in try reader.matrixProduct(&call) },
    "MaxPool": { reader, call throws(ONNXImportError.Problem) in try reader.maxPool(&call) },
    "Mul": { reader, call throws(ONNXImportError.Problem) in try reader.multiply(&call) },
    "PRelu": { reader, call throws(ONNXImportError.Problem) in try reader.prelu(&call) },
    "Pad": { reader, call throws(ONNXImportError.Problem) in try reader.pad(&call) },
    "ReduceMax": { reader, call throws(ONNXImportError.Problem) in try reader.reduction(&call) },
    "ReduceMean": { reader, call throws(ONNXImportError.Problem) in try reader.reduction(&call) },
    "Relu": { reader, call throws(ONNXImportError.Problem) in try reader.relu(&call) },
    "Reshape": { reader, call throws(ONNXImportError.Problem) in try reader.reshape(&call) },
    "Shape": { reader, call throws(ONNXImportError.Problem) in try reader.shape(&call) },
    "Sigmoid": { reader, call throws(ONNXImportError.Problem) in try reader.sigmoid(&call) },
    "Slice": { reader, call throws(ONNXImportError.Problem) in try reader.slice(&call) },
    "Softmax": { reader, call throws(ONNXImportError.Problem) in try reader.softmax(&call) },
    "Squeeze": { reader, call throws(ONNXImportError.Problem) in try reader.squeeze(&call) },
    "Sub": { reader, call throws(ONNXImportError.Problem) in try reader.subtract(&call) },
    "Sum": { reader, call throws(ONNXImportError.Problem) in try reader.add(&call) },
    "Swish": { reader, call throws(ONNXImportError.Problem) in try reader.swish(&call) },
    "Transpose": { reader, call throws(ONNXImportError.Problem) in try reader.transpose(&call) },
    "Unsqueeze": { reader, call throws(ONNXImportError.Problem) in try reader.unsqueeze(&call) },
    // What onnxruntime makes of several nodes.
    "com.microsoft.FusedConv": { reader, call throws(ONNXImportError.Problem) in try reader.convolution(&call) },
    "com.microsoft.FusedGemm": { reader, call throws(ONNXImportError.Problem) in try reader.gemm(&call) },
    "com.microsoft.FusedMatMul": { reader, call throws(ONNXImportError.Problem) in
      try reader.matrixProduct(&call)
    },
    "com.microsoft.Gelu": { reader, call throws(ONNXImportError.Problem) in try reader.gelu(&call) },
    "com.microsoft.BiasGelu": { reader, call throws(ONNXImportError.Problem) in try reader.gelu(&call) },
    "com.microsoft.QuickGelu": { reader, call throws(ONNXImportError.Problem) in try reader.swish(&call) },
  ]
}
