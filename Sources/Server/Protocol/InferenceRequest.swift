internal import HTTPTypes
internal import Samples
internal import Support

/// A request of the Open Inference Protocol, checked.
struct InferenceRequest {
  /// An output that is asked for.
  struct Wanted {
    let output: ModelDescription.Output
    /// Whether its numbers follow the JSON as bytes.
    let isBinary: Bool
  }

  /// What the client calls the request; nil if it does not say.
  let id: String?
  /// The images.
  let content: ImageContent
  /// The number of images.
  let count: Int
  /// The outputs, in the order of the answer.
  let wanted: [Wanted]

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - headerLength: The bytes of the JSON at the beginning of the body, if the client says; the data of tensors follow.
  /// - Throws: a `Problem` that says what is wrong.
  init(_ body: [UInt8], headerLength: Int?, for model: ServedModel) throws(Problem) {
    let length = headerLength ?? body.count
    guard (0...body.count).contains(length) else {
      throw Self.bad(
        "Inference-Header-Content-Length is \(length), but the body has \(body.count) bytes")
    }
    let text = try TensorText(body[..<length])
    let json: JSONValue
    do throws(JSONSyntaxError) {
      json = try JSONReader.value(of: text.rest)
    } catch {
      throw Self.bad("the body is not JSON: \(error)")
    }
    guard case .object = json else { throw Self.bad("the body must be an object") }
    id = try Self.optional(json["id"], "id") { $0.string }
    let binaryByDefault =
      try Self.optional(json["parameters"]?["binary_data_output"], "binary_data_output") { $0.bool }
      ?? false
    guard let inputs = json["inputs"]?.array, inputs.count == 1, let input = inputs.first else {
      throw Self.bad("\"inputs\" must be a list of one tensor, \"pixels\"")
    }
    guard input["name"] == "pixels" else {
      throw Self.bad(
        "the input must have the name \"pixels\", not \(input["name"]?.text ?? "none")")
    }
    count = try Self.imageCount(input["shape"], model.shape)
    let valueCount = count * model.shape.count
    let byteCount = try Self.optional(input["parameters"]?["binary_data_size"], "binary_data_size") { $0.integer }
    let datatype = input["datatype"]?.string ?? ""
    guard ["UINT8", "FP32"].contains(datatype) else {
      throw Self.bad(
        "the datatype of \"pixels\" must be UINT8 or FP32, not \(input["datatype"]?.text ?? "missing")"
      )
    }
    if let byteCount {
      guard text.tensors.isEmpty, input["data"] == nil else {
        throw Self.bad("the input has both \"data\" and \"binary_data_size\"; send one of them")
      }
      guard byteCount == body.count - length else {
        throw Self.bad(
          "binary_data_size is \(byteCount), but \(body.count - length) bytes follow the JSON")
      }
      content = try Self.content(body[length...], datatype, count: valueCount)
    } else {
      guard length == body.count else {
        throw Self.bad(
          "\(body.count - length) bytes follow the JSON, but the input has no \"binary_data_size\"")
      }
      guard text.tensors.count == 1, let numbers = text.tensors.first else {
        throw Self.bad("the input needs \"data\", a list of numbers, or \"binary_data_size\"")
      }
      content = try Self.content(numbers, datatype, count: valueCount)
    }
    wanted = try Self.wanted(json["outputs"], binaryByDefault: binaryByDefault)
  }

  private static func bad(_ text: String) -> Problem { Problem(.badRequest, text) }

  /// A value that may be missing, but not of another type.
  private static func optional<Value>(
    _ json: JSONValue?, _ name: String, _ read: (JSONValue) -> Value?
  ) throws(Problem) -> Value? {
    guard let json, json != .null else { return nil }
    guard let value = read(json) else {
      throw bad("\"\(name)\" has a value of the wrong type: \(json.text.prefix(60))")
    }
    return value
  }

  private static func imageCount(_ json: JSONValue?, _ shape: Shape) throws(Problem) -> Int {
    let dimensions = (json?.array ?? []).compactMap(\.integer)
    // A gray image may come without its only channel.
    let known = [
      shape.dimensions,
      shape.isImage && shape.channels == 1 ? Array(shape.dimensions.dropLast()) : shape.dimensions,
    ]
    guard dimensions.count == json?.array?.count, let count = dimensions.first,
      known.contains(Array(dimensions.dropFirst())), (1...1_000_000).contains(count)
    else {
      let wanted = (["N"] + shape.dimensions.map(String.init)).joined(separator: ", ")
      throw bad(
        "the shape of \"pixels\" must be [\(wanted)] with N images, not \(json?.text.prefix(80) ?? "missing")"
      )
    }
    return count
  }

  private static func content(_ bytes: ArraySlice<UInt8>, _ datatype: String, count: Int)
    throws(Problem) -> ImageContent
  {
    let size = datatype == "UINT8" ? 1 : 4
    guard bytes.count == count * size else {
      throw bad("the shape needs \(count * size) bytes of \(datatype), but \(bytes.count) came")
    }
    if size == 1 { return .bytes(Array(bytes)) }
    var numbers: [Float] = []
    numbers.reserveCapacity(count)
    for first in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
      let bits =
        UInt32(bytes[first]) | UInt32(bytes[first + 1]) << 8 | UInt32(bytes[first + 2]) << 16
        | UInt32(bytes[first + 3]) << 24
      numbers.append(Float(bitPattern: bits))
    }
    guard numbers.allSatisfy(\.isFinite) else { throw bad("the pixels must be finite numbers") }
    return .numbers(numbers)
  }

  private static func content(_ numbers: [Float], _ datatype: String, count: Int) throws(Problem)
    -> ImageContent
  {
    guard numbers.count == count else {
      throw bad("the shape needs \(count) numbers, but \"data\" has \(numbers.count)")
    }
    guard datatype == "UINT8" else { return .numbers(numbers) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for number in numbers {
      guard let byte = UInt8(exactly: number) else {
        throw bad("a number of the datatype UINT8 must be whole and from 0 to 255, not \(number)")
      }
      bytes.append(byte)
    }
    return .bytes(bytes)
  }

  private static func wanted(_ json: JSONValue?, binaryByDefault: Bool) throws(Problem) -> [Wanted] {
    guard let json, json != .null else {
      return ModelDescription.Output.allCases.map { Wanted(output: $0, isBinary: binaryByDefault) }
    }
    guard let list = json.array, !list.isEmpty else {
      throw bad("\"outputs\" must be a list of outputs")
    }
    var found: [Wanted] = []
    for item in list {
      let names = ModelDescription.Output.allCases.map(\.rawValue)
      guard let output = item["name"]?.string.flatMap(ModelDescription.Output.init) else {
        throw bad(
          "there is no output \(item["name"]?.text.prefix(60) ?? "without a name"); the outputs are \(names.joined(separator: ", "))"
        )
      }
      guard !found.contains(where: { $0.output == output }) else {
        throw bad("the output \"\(output)\" is there twice")
      }
      if let count = item["parameters"]?["classification"], count != 0 {
        throw bad(
          "the server does not have the classification extension; /v1/predict answers classes with names"
        )
      }
      let isBinary = try optional(item["parameters"]?["binary_data"], "binary_data") { $0.bool }
      found.append(Wanted(output: output, isBinary: isBinary ?? binaryByDefault))
    }
    return found
  }
}

extension JSONValue {
  /// The value if it is true or false.
  fileprivate var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
}
