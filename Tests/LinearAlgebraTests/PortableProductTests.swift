import LinearAlgebra
import TestSupport
import Testing

/// The bits that the portable product promises.
struct PortableProductTests {
  /// Every number of rows and columns at which a tile or a vector ends, sums that are cut, and panels that are packed.
  static let shapes =
    ProductShape.table
    + (1...17).map { ProductShape($0, 33, 7) } + (1...70).map { ProductShape(5, $0, 6) }
    + [
      ProductShape(13, 40, 1553), ProductShape(100, 300, 131), ProductShape(97, 515, 780), ProductShape(200, 256, 128),
    ]

  @Test(arguments: shapes)
  func everyInstructionSetComputesOneChainOfFusedMultiplyAdds(shape: ProductShape) {
    var random = TestRandom(seed: 3)
    for (transposeA, transposeB) in MatrixProductTests.transposes {
      let item = PortableCase(shape, transposeA: transposeA, transposeB: transposeB) { random.uniform($0) }
      for accumulates in [false, true] {
        let expected = item.chain(accumulates: accumulates)
        for instructions in VectorInstructions.available {
          let found = item.run(instructions, accumulates: accumulates)
          #expect(
            found.same(as: expected), "\(instructions), \(shape), A \(transposeA), B \(transposeB), \(accumulates)")
        }
      }
    }
  }

  @Test(arguments: shapes)
  func packedMatricesGiveTheSameBits(shape: ProductShape) {
    guard shape.m > 0, shape.n > 0, shape.k > 0 else { return }
    var random = TestRandom(seed: 7)
    for transposeB in [false, true] {
      let item = PortableCase(shape, transposeB: transposeB) { random.uniform($0) }
      for instructions in VectorInstructions.available {
        let count = MatrixProduct.portable.packedCount(n: shape.n, k: shape.k, instructions: instructions)
        var packed = [Float](repeating: .nan, count: count)
        var target = packed.mutableSpan
        MatrixProduct.portable.pack(
          n: shape.n, k: shape.k, item.b.span, transposeB: transposeB,
          leadingDimensionB: transposeB ? shape.k : shape.n,
          into: &target, instructions: instructions)
        for accumulates in [false, true] {
          var found = accumulates ? item.c : [Float](repeating: .nan, count: shape.m * shape.n)
          var result = found.mutableSpan
          MatrixProduct.portable.multiplyPacked(
            m: shape.m, n: shape.n, k: shape.k, item.a.span, leadingDimensionA: shape.k, packed.span,
            accumulates: accumulates, into: &result, leadingDimensionC: shape.n, then: Epilogue(),
            instructions: instructions)
          let expected = item.run(instructions, accumulates: accumulates)
          #expect(found.same(as: expected), "\(instructions), \(shape), B \(transposeB), \(accumulates)")
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 5, 12, 31, 96, 97, 200])
  func rowsDoNotDependOnOtherRows(count: Int) {
    var random = TestRandom(seed: 4)
    let all = PortableCase(ProductShape(200, 70, 300)) { random.uniform($0) }
    let expected = all.run(.current, accumulates: false)
    let part = all.rows(count).run(.current, accumulates: false)
    #expect(part.same(as: Array(expected[..<(count * 70)])))
  }

  @Test(arguments: shapes)
  func theEpilogueEqualsASeparatePass(shape: ProductShape) {
    var random = TestRandom(seed: 5)
    let item = PortableCase(shape) { random.uniform($0) }
    let bias = random.uniform(shape.n)
    for slope in [0, 0.25, 1] as [Float] {
      var expected = item.run(.current, accumulates: false)
      for index in expected.indices {
        let value = expected[index] + bias[index % shape.n]
        expected[index] = value > 0 ? value : slope * value
      }
      for instructions in VectorInstructions.available {
        let found = item.run(instructions, accumulates: false, bias: bias, slope: slope)
        #expect(found.same(as: expected), "\(instructions), \(shape), slope \(slope)")
      }
    }
  }

  /// Every number of windows that a tile or a product can have.
  static let pooled =
    [4, 8, 12, 16, 20, 28, 52, 96].flatMap { m in [1, 7, 16, 33, 40, 64, 130].map { ProductShape(m, $0, 9) } }
    + [ProductShape(24, 20, 1), ProductShape(48, 64, 1153)]

  @Test(arguments: pooled)
  func poolingEqualsASeparatePass(shape: ProductShape) {
    var random = TestRandom(seed: 6)
    // Few different numbers, so that many windows have two equal maxima.
    var item = PortableCase(shape) { count in random.uniform(count).map { ($0 * 2).rounded() } }
    item.a[0] = .nan
    let bias = random.uniform(shape.n)
    for (bias, slope) in [([], 1), ([], 0), (bias, 0), (bias, 0.25)] as [([Float], Float)] {
      let values = item.run(.current, accumulates: false, bias: bias, slope: slope)
      let expected = Self.pool(values, columns: shape.n)
      for instructions in VectorInstructions.available {
        let found = item.pool(instructions, bias: bias, slope: slope)
        #expect(found.values.same(as: expected.values), "\(instructions), \(shape), slope \(slope)")
        #expect(found.choices == expected.choices, "\(instructions), \(shape), slope \(slope)")
      }
    }
  }

  private static func pool(_ values: [Float], columns: Int) -> (values: [Float], choices: [UInt8]) {
    var (greatest, choices): ([Float], [UInt8]) = ([], [])
    for window in stride(from: 0, to: values.count / columns, by: 4) {
      for column in 0..<columns {
        let four = (0..<4).map { values[(window + $0) * columns + column] }
        var choice = 0
        for place in 1..<4 where four[place] > four[choice] || four[place].isNaN { choice = place }
        greatest.append(four[choice])
        choices.append(UInt8(choice))
      }
    }
    return (greatest, choices)
  }

  @Test func productsOfATrainingAllocateNothing() {
    for (m, n, k) in [(96, 4096, 4096), (4096, 4096, 127), (4096, 255, 4096)] {
      #expect(!MatrixProduct.portableNeedsMemory(m: m, n: n, k: k), "\(m)×\(n)×\(k)")
    }
    #expect(MatrixProduct.portableNeedsMemory(m: 97, n: 256, k: 128))
  }
}

/// Operands without gaps, and the result as the promise defines it.
private struct PortableCase {
  let shape: ProductShape
  let transposeA: Bool
  let transposeB: Bool
  var a: [Float]
  let b: [Float]
  let c: [Float]

  init(_ shape: ProductShape, transposeA: Bool = false, transposeB: Bool = false, numbers: (Int) -> [Float]) {
    self.init(
      shape: shape, transposeA: transposeA, transposeB: transposeB, a: numbers(shape.m * shape.k),
      b: numbers(shape.k * shape.n), c: numbers(shape.m * shape.n))
  }

  private init(shape: ProductShape, transposeA: Bool, transposeB: Bool, a: [Float], b: [Float], c: [Float]) {
    (self.shape, self.transposeA, self.transposeB) = (shape, transposeA, transposeB)
    (self.a, self.b, self.c) = (a, b, c)
  }

  /// The first rows alone.
  func rows(_ count: Int) -> PortableCase {
    PortableCase(
      shape: ProductShape(count, shape.n, shape.k), transposeA: false, transposeB: transposeB,
      a: Array(a[..<(count * shape.k)]), b: b, c: Array(c[..<(count * shape.n)]))
  }

  func chain(accumulates: Bool) -> [Float] {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    var result = accumulates ? c : [Float](repeating: 0, count: m * n)
    for i in 0..<m {
      for p in 0..<k {
        let factor = transposeA ? a[p * m + i] : a[i * k + p]
        for j in 0..<n {
          result[i * n + j].addProduct(factor, transposeB ? b[j * k + p] : b[p * n + j])
        }
      }
    }
    return result
  }

  /// The product and its pool, with a gap behind each row.
  func pool(_ instructions: VectorInstructions, bias: [Float], slope: Float) -> (
    values: [Float], choices: [UInt8]
  ) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    var values = [Float](repeating: .infinity, count: m / 4 * (n + 1))
    var choices = [UInt8](repeating: 9, count: m / 4 * (n + 1))
    var valueSpan = values.mutableSpan
    var choiceSpan = choices.mutableSpan
    MatrixProduct.multiplyAndPool(
      m: m, n: n, k: k, a.span, leadingDimensionA: k, b.span, leadingDimensionB: n, into: &valueSpan,
      choices: &choiceSpan, leadingDimensionC: n + 1, then: Epilogue(bias: bias.span, slope: slope),
      instructions: instructions)
    let gaps = stride(from: n, to: values.count, by: n + 1)
    #expect(gaps.allSatisfy { values[$0] == .infinity && choices[$0] == 9 }, "\(instructions), \(shape)")
    let inside = values.indices.filter { $0 % (n + 1) < n }
    return (inside.map { values[$0] }, inside.map { choices[$0] })
  }

  func run(_ instructions: VectorInstructions, accumulates: Bool, bias: [Float] = [], slope: Float = 1) -> [Float] {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    // NaN marks numbers that must not be read.
    var result = accumulates ? c : [Float](repeating: .nan, count: m * n)
    var span = result.mutableSpan
    MatrixProduct.multiplyPortably(
      m: m, n: n, k: k, a.span, transposeA: transposeA, leadingDimensionA: transposeA ? m : k, b.span,
      transposeB: transposeB, leadingDimensionB: transposeB ? k : n, accumulates: accumulates, into: &span,
      leadingDimensionC: n, then: Epilogue(bias: bias.span, slope: slope), instructions: instructions)
    return result
  }
}

extension [Float] {
  fileprivate func same(as other: [Float]) -> Bool { map(\.bitPattern) == other.map(\.bitPattern) }
}
