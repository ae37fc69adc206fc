internal import Support

/// Arithmetic on constants: exporters leave padding sizes, halves of channels and the like as computations in the graph.
extension ONNXGraphReader {
  /// The largest number of elements that one such operation may produce.
  private static let largestFoldedCount = 1 << 24

  /// The result of a node whose inputs are all constants, if its operator is supported here.
  mutating func folded(_ call: inout ONNXCall) throws(ONNXImportError.Problem) -> ONNXConstant? {
    guard Self.foldedTypes.contains(call.type), !call.inputs.isEmpty else { return nil }
    var inputs: [ONNXConstant?] = []
    for index in call.inputs.indices {
      guard call.has(index) else {
        inputs.append(nil)
        continue
      }
      guard let constant = known(try value(index, of: call)) else { return nil }
      inputs.append(constant)
    }
    guard let first = inputs[0] else { return nil }
    let result: ONNXConstant
    switch call.type {
    case "Add", "Sub", "Mul", "Div":
      guard inputs.count == 2, let second = inputs[1] else { return nil }
      if operatorSet < 7 { _ = try call.integer("broadcast") }
      result = try combined(first, second, call)
    case "Neg", "Sqrt": result = try changed(first, call)
    case "Ceil", "Floor": result = first.mapped { call.type == "Ceil" ? $0.rounded(.up) : $0.rounded(.down) }
    case "Clip", "Max", "Min": result = try bounded(first, by: Array(inputs.dropFirst()), &call)
    case "Concat": result = try concatenated(inputs.compactMap(\.self), axis: try call.integer("axis") ?? 1, call)
    case "Slice": result = try sliced(first, &call)
    case "ConstantOfShape": result = try filled(first, &call)
    default:
      guard inputs.count == 2, let indices = inputs[1] else { return nil }
      result = try gathered(first, indices, axis: try call.integer("axis") ?? 0, call)
    }
    try spend(result.count, for: call)
    return result
  }

  private static let foldedTypes: Set<String> = [
    "Add", "Sub", "Mul", "Div", "Neg", "Sqrt", "Ceil", "Floor", "Clip", "Max", "Min", "Concat", "Slice",
    "ConstantOfShape",
    "Gather",
  ]

  /// A constant; nil for a value that depends on the graph's input.
  private func known(_ value: ONNXValue) -> ONNXConstant? {
    switch value {
    case .constant(let constant): constant
    case .sizes(let sizes, let isSingle): ONNXConstant(sizes, isSingle: isSingle)
    default: nil
    }
  }

  /// Element by element; smaller shapes are broadcast to larger ones.
  private func combined(
    _ a: ONNXConstant, _ b: ONNXConstant, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXConstant {
    let rank = max(a.shape.count, b.shape.count)
    func padded(_ shape: [Int]) -> [Int] { Array(repeating: 1, count: rank - shape.count) + shape }
    let (left, right) = (padded(a.shape), padded(b.shape))
    let shape = zip(left, right).map { $0 == 1 ? $1 : $0 }
    guard zip(shape, zip(left, right)).allSatisfy({ $1.0 == $0 || $1.0 == 1 }),
      zip(shape, right).allSatisfy({ $0 == $1 || $1 == 1 }), let count = ONNXConstant.count(shape),
      count <= Self.largestFoldedCount
    else {
      throw call.refusal(
        "combines numbers of the shapes \(ForeignText.shape(a.shape)) and \(ForeignText.shape(b.shape))")
    }
    let (first, second) = (Self.places(left, over: shape), Self.places(right, over: shape))
    if let x = a.integers, let y = b.integers {
      var values: [Int] = []
      values.reserveCapacity(count)
      for index in 0..<count {
        let (p, q) = (x[first[index]], y[second[index]])
        let (value, isOverflow): (Int, Bool)
        switch call.type {
        case "Add": (value, isOverflow) = p.addingReportingOverflow(q)
        case "Sub": (value, isOverflow) = p.subtractingReportingOverflow(q)
        case "Mul": (value, isOverflow) = p.multipliedReportingOverflow(by: q)
        default: (value, isOverflow) = p.dividedReportingOverflow(by: q)
        }
        guard !isOverflow else { throw call.refusal("divides whole numbers by 0, or makes one that is too large") }
        values.append(value)
      }
      return ONNXConstant(shape: shape, elements: .integers(values))
    }
    let (x, y) = (a.floats, b.floats)
    let values = (0..<count).map { index -> Float in
      let (p, q) = (x[first[index]], y[second[index]])
      switch call.type {
      case "Add": return p + q
      case "Sub": return p - q
      case "Mul": return p * q
      default: return p / q
      }
    }
    return ONNXConstant(shape: shape, elements: .floats(values))
  }

  /// For each element of a shape, the corresponding element of a smaller shape that is broadcast to it.
  private static func places(_ source: [Int], over shape: [Int]) -> [Int] {
    var places = [0]
    for (size, wanted) in zip(source, shape) {
      places = places.flatMap { place in (0..<wanted).map { place * size + (size == 1 ? 0 : $0) } }
    }
    return places
  }

  private func changed(
    _ constant: ONNXConstant, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXConstant {
    if let integers = constant.integers {
      guard call.type == "Neg", !integers.contains(.min) else {
        throw call.refusal("takes the square root of whole numbers")
      }
      return ONNXConstant(shape: constant.shape, elements: .integers(integers.map { -$0 }))
    }
    let values = constant.floats.map { call.type == "Neg" ? -$0 : $0.squareRoot() }
    return ONNXConstant(shape: constant.shape, elements: .floats(values))
  }

  /// `Clip` between two numbers, or `Max` or `Min` with other numbers: exporters limit computed padding to 0 and more.
  private func bounded(
    _ constant: ONNXConstant, by bounds: [ONNXConstant?], _ call: inout ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXConstant {
    var result = constant
    func bound(isLowest: Bool, by limit: ONNXConstant) throws(ONNXImportError.Problem) {
      guard limit.count == 1 else { throw call.refusal("has bounds that are not single numbers") }
      if let integers = result.integers, let limit = limit.integers?.first {
        let values = integers.map { isLowest ? max($0, limit) : min($0, limit) }
        result = ONNXConstant(shape: result.shape, elements: .integers(values))
      } else {
        let limit = limit.floats[0]
        result = result.mapped { isLowest ? max($0, limit) : min($0, limit) }
      }
    }
    if call.type == "Clip", operatorSet < 11 {
      for (name, isLowest) in [("min", true), ("max", false)] {
        guard let limit = try call.float(name) else { continue }
        try bound(isLowest: isLowest, by: ONNXConstant(shape: [], elements: .floats([limit])))
      }
    }
    for (index, limit) in bounds.enumerated() {
      guard let limit else { continue }
      try bound(isLowest: call.type == "Max" || (call.type == "Clip" && index == 0), by: limit)
    }
    return result
  }

  private func concatenated(
    _ parts: [ONNXConstant], axis stated: Int, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXConstant {
    let rank = parts[0].shape.count
    let axis = stated < 0 ? stated + rank : stated
    guard 0..<rank ~= axis,
      parts.allSatisfy({ part in
        part.shape.count == rank && part.shape.indices.allSatisfy { $0 == axis || part.shape[$0] == parts[0].shape[$0] }
      }), parts.reduce(0, { $0 + $1.count }) <= Self.largestFoldedCount
    else { throw call.refusal("joins numbers that do not fit along axis \(stated)") }
    var shape = parts[0].shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let outer = shape[..<axis].reduce(1, *)
    func joined<Element>(_ values: [[Element]]) -> [Element] {
      var result: [Element] = []
      for row in 0..<outer {
        for part in values {
          let width = part.count / outer
          result += part[row * width..<(row + 1) * width]
        }
      }
      return result
    }
    let integers = parts.compactMap(\.integers)
    return ONNXConstant(
      shape: shape,
      elements: integers.count == parts.count ? .integers(joined(integers)) : .floats(joined(parts.map(\.floats))))
  }

  private func sliced(
    _ constant: ONNXConstant, _ call: inout ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXConstant {
    let isOld = operatorSet < 10
    let starts = isOld ? try call.integers("starts") : try integers(1, of: call)
    let ends = isOld ? try call.integers("ends") : try integers(2, of: call)
    let stated = isOld ? try call.integers("axes") : try integers(3, of: call)
    guard let starts, let ends, starts.count == ends.count else {
      throw call.refusal("does not say which part it takes")
    }
    let axes = stated ?? Array(0..<starts.count)
    let steps = try isOld ? nil : integers(4, of: call)
    guard axes.count == starts.count, steps.map({ $0.count == starts.count && !$0.contains(0) }) ?? true else {
      throw call.refusal("does not say which part it takes")
    }
    var result = constant
    for (index, stated) in axes.enumerated() {
      let axis = stated < 0 ? stated + constant.shape.count : stated
      guard constant.shape.indices.contains(axis) else { throw call.refusal("takes a part along axis \(stated)") }
      let (size, step) = (result.shape[axis], steps?[index] ?? 1)
      func clipped(_ bound: Int, _ range: ClosedRange<Int>) -> Int {
        min(max(bound < 0 ? bound + size : bound, range.lowerBound), range.upperBound)
      }
      guard size > 0 else { continue }
      let places: [Int] =
        step > 0
        ? stride(from: clipped(starts[index], 0...size), to: clipped(ends[index], 0...size), by: min(step, size)).map(
          \.self)
        : stride(
          from: clipped(starts[index], -1...size - 1), to: clipped(ends[index], -1...size - 1), by: max(step, -size)
        ).map(\.self)
      result = result.taking(places, axis: axis)
    }
    return result
  }

  private func filled(
    _ sizes: ONNXConstant, _ call: inout ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXConstant {
    guard let shape = sizes.integers, shape.count <= ONNXConstant.largestRank, let count = ONNXConstant.count(shape),
      count <= Self.largestFoldedCount
    else { throw call.refusal("makes a tensor of a shape that is not supported") }
    let value = try call.tensor("value") ?? ONNXConstant(shape: [1], elements: .floats([0]))
    guard value.count == 1 else { throw call.refusal("fills a tensor with anything but one number") }
    switch value.elements {
    case .floats(let numbers):
      return ONNXConstant(shape: shape, elements: .floats(Array(repeating: numbers[0], count: count)))
    case .integers(let numbers):
      return ONNXConstant(shape: shape, elements: .integers(Array(repeating: numbers[0], count: count)))
    }
  }

  private func gathered(
    _ constant: ONNXConstant, _ indices: ONNXConstant, axis stated: Int, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXConstant {
    let axis = stated < 0 ? stated + constant.shape.count : stated
    guard let places = indices.integers, indices.shape.count <= 1, constant.shape.indices.contains(axis),
      places.allSatisfy({ -constant.shape[axis]..<constant.shape[axis] ~= $0 }),
      constant.count / max(1, constant.shape[axis]) <= Self.largestFoldedCount / max(1, places.count)
    else { throw call.refusal("takes elements that do not exist") }
    let result = constant.taking(places.map { $0 < 0 ? $0 + constant.shape[axis] : $0 }, axis: axis)
    guard indices.shape.isEmpty else { return result }
    var shape = result.shape
    shape.remove(at: axis)
    return result.reshaped(shape)
  }
}

extension ONNXConstant {
  /// Sizes as whole numbers; nil if one of them is the batch.
  init?(_ sizes: [ONNXSize], isSingle: Bool) {
    let known = sizes.compactMap { if case .known(let size) = $0 { size } else { nil } }
    guard known.count == sizes.count else { return nil }
    self.init(shape: isSingle ? [] : [known.count], elements: .integers(known))
  }

  /// The elements at some indices along a dimension.
  fileprivate func taking(_ places: [Int], axis: Int) -> ONNXConstant {
    var shape = shape
    let (size, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
    let outer = shape[..<axis].reduce(1, *)
    shape[axis] = places.count
    func taken<Element>(_ values: [Element]) -> [Element] {
      var result: [Element] = []
      result.reserveCapacity(outer * places.count * inner)
      for row in 0..<outer {
        for place in places {
          let first = (row * size + place) * inner
          result += values[first..<first + inner]
        }
      }
      return result
    }
    switch elements {
    case .floats(let values): return ONNXConstant(shape: shape, elements: .floats(taken(values)))
    case .integers(let values): return ONNXConstant(shape: shape, elements: .integers(taken(values)))
    }
  }
}
