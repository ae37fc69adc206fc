internal import Samples
internal import Support

/// The maximum of each window; the range stays the same.
struct QuantizedMaxPool: QuantizedOperator {
  let window: Window

  func forward(_ pass: borrowing QuantizedPass) {
    var output = pass.output()
    Kernels.maxPool(window, input: pass.values(), output: &output, images: pass.images)
  }
}

/// The mean of each channel over the image.
struct QuantizedGlobalAverage: QuantizedOperator {
  let shape: Shape
  let input: QuantizedRange
  let output: QuantizedRange

  var scratchSums: Int { shape.channels }

  func forward(_ pass: borrowing QuantizedPass) {
    let multiplier = Float(Double(input.scale) / (Double(output.scale) * Double(shape.pixels)))
    var sums = pass.memory.sums.write(0..<shape.channels)
    var means = pass.output()
    Kernels.globalAverage(
      pass.values(), zeroPoint: input.zeroPoint, multiplier: multiplier, to: output.zeroPoint, sums: &sums,
      output: &means, images: pass.images, pixels: shape.pixels, channels: shape.channels)
  }
}

/// The sum of two values.
struct QuantizedSum: QuantizedOperator {
  let inputs: [QuantizedRange]
  let output: QuantizedRange

  func forward(_ pass: borrowing QuantizedPass) {
    var sums = pass.output()
    Kernels.add(
      pass.values(0), term(0), pass.values(1), term(1), zeroPoint: output.zeroPoint, output: &sums)
  }

  private func term(_ index: Int) -> Kernels.ByteTerm {
    Kernels.ByteTerm(zeroPoint: inputs[index].zeroPoint, factor: inputs[index].scale / output.scale)
  }
}

/// Several values side by side along the channels, each in the range of all.
struct QuantizedConcatenation: QuantizedOperator {
  private let join: Concatenation
  private let tables: [[UInt8]]

  init(_ join: Concatenation, from inputs: [QuantizedRange], to output: QuantizedRange) {
    self.join = join
    tables = inputs.map { input in (0...255).map { output.byte(input.number($0)) } }
  }

  func forward(_ pass: borrowing QuantizedPass) {
    let rows = pass.images * join.pixels
    var output = pass.output()
    var first = 0
    for (index, width) in join.widths.enumerated() {
      var target = output.part(first..<rows * join.channels)
      Kernels.lookUp(
        tables[index], pass.values(index), output: &target, rows: rows, columns: width, stride: join.channels)
      first += width
    }
  }
}

/// A function of one number as a table of bytes.
struct QuantizedFunction: QuantizedOperator {
  let table: [UInt8]

  func forward(_ pass: borrowing QuantizedPass) {
    let input = pass.values()
    var output = pass.output()
    Kernels.lookUp(table, input, output: &output, rows: 1, columns: input.count, stride: input.count)
  }
}

/// An operator that computes in floating point between two conversions.
struct FloatStep: QuantizedOperator {
  let bound: BoundNode
  let inputs: [QuantizedRange]
  /// Nil if it writes the logits.
  let output: QuantizedRange?

  func forward(_ pass: borrowing QuantizedPass) {
    let memory = pass.memory.float
    for (index, range) in inputs.enumerated() {
      var numbers = memory.floats.write(bound.inputs[index].range(images: pass.images))
      Kernels.dequantize(pass.values(index), range, into: &numbers)
    }
    bound.infer(images: pass.images, memory)
    let result = memory.floats.read(bound.outputs[0].range(images: pass.images))
    if let output {
      var bytes = pass.output()
      Kernels.quantize(result, output, into: &bytes)
    } else {
      var logits = pass.logits()
      Kernels.copy(result, to: &logits)
    }
  }
}

extension QuantizedRange {
  /// The byte of a number, by the formula of the kernels.
  func byte(_ number: Float) -> UInt8 {
    let steps = number / scale
    let clamped = min(max(steps, Float(-zeroPoint)), Float(255 - zeroPoint))
    return UInt8(Int(clamped.rounded(.toNearestOrEven)) + zeroPoint)
  }
}
