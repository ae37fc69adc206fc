internal import ONNXSchema

extension ONNXAttribute {
  /// A whole number.
  static func integer(_ name: String, _ value: Int) -> ONNXAttribute {
    var attribute = ONNXAttribute()
    attribute.name = name
    attribute.type = .int
    attribute.i = Int64(value)
    return attribute
  }

  /// Whole numbers.
  static func integers(_ name: String, _ values: [Int]) -> ONNXAttribute {
    var attribute = ONNXAttribute()
    attribute.name = name
    attribute.type = .ints
    attribute.ints = values.map(Int64.init)
    return attribute
  }

  /// A number.
  static func number(_ name: String, _ value: Float) -> ONNXAttribute {
    var attribute = ONNXAttribute()
    attribute.name = name
    attribute.type = .float
    attribute.f = value
    return attribute
  }
}
