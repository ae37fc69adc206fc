internal import Support

/// Reads the pickle in a PyTorch file without running it. It supports only what dictionaries of tensors need.
///
/// A pickle is a program for a stack machine of Python that may name any function. This machine calls no function: it knows the meaning of the few
/// globals that it accepts. It rejects any other global by name.
///
/// Source: the documentation of opcodes in Python's `pickletools`, and the output of `torch.save`.
struct PickleReader {
  /// The largest number of values in a pickle; networks of thousands of tensors have a few hundred thousand.
  static let largestCount = 1 << 20

  /// The items on the stack: values, and marks between them.
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private(set) var sequences: [[PickleValue]] = []
  private(set) var dictionaries: [PickleDictionary] = []
  private(set) var storages: [PyTorchStorage] = []
  private(set) var tensors: [PyTorchView] = []
  /// The number of values so far.
  private var count = 0
  private var input: PickleInput

  /// Reads a whole pickle; `root` is its result.
  static func read(_ bytes: [UInt8]) throws(PyTorchError.Problem) -> (reader: PickleReader, root: PickleValue) {
    var reader = PickleReader(input: PickleInput(bytes))
    while true {
      let place = reader.input.place
      let code = try reader.input.byte()
      guard code != UInt8(ascii: ".") else { break }
      guard let opcode = PickleOpcode(rawValue: code) else { throw .unknownOpcode(code, offset: place) }
      try reader.run(opcode)
      guard max(reader.count, reader.stack.count, reader.marks.count, reader.memo.count) <= largestCount else {
        throw .tooManyValues(largestCount)
      }
    }
    guard reader.stack.count == 1, reader.marks.isEmpty else { throw .malformed(offset: reader.input.place) }
    return (reader, reader.stack[0])
  }

  private init(input: PickleInput) { self.input = input }

  private mutating func run(_ opcode: PickleOpcode) throws(PyTorchError.Problem) {
    switch opcode {
    case .protocolVersion: _ = try input.byte()
    case .frame: _ = try input.count(byteCount: 8)
    case .mark: marks.append(stack.count)
    case .none: push(.nothing)
    case .newTrue: push(.truth(true))
    case .newFalse: push(.truth(false))
    case .int1: push(.integer(try input.count(byteCount: 1)))
    case .int2: push(.integer(try input.count(byteCount: 2)))
    case .int4: push(.integer(Int(Int32(truncatingIfNeeded: try input.count(byteCount: 4)))))
    case .long1: push(try input.long())
    case .float: push(.real(try input.double()))
    case .shortText, .shortString: push(.text(try input.text(lengthByteCount: 1)))
    case .text, .string: push(.text(try input.text(lengthByteCount: 4)))
    case .longText: push(.text(try input.text(lengthByteCount: 8)))
    case .shortBytes: try skipBytes(lengthByteCount: 1)
    case .bytes: try skipBytes(lengthByteCount: 4)
    case .longBytes: try skipBytes(lengthByteCount: 8)
    case .emptyList, .emptyTuple: push(sequence([]))
    case .emptyDictionary: push(dictionary())
    case .tuple: push(sequence(try popMarked()))
    case .tuple1: push(sequence(try pop(1)))
    case .tuple2: push(sequence(try pop(2)))
    case .tuple3: push(sequence(try pop(3)))
    case .put1: memo[try input.count(byteCount: 1)] = try top()
    case .put4: memo[try input.count(byteCount: 4)] = try top()
    case .memoize: memo[memo.count] = try top()
    case .get1: try recall(try input.count(byteCount: 1))
    case .get4: try recall(try input.count(byteCount: 4))
    case .append: try append(try pop(1))
    case .appends: try append(try popMarked())
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popMarked())
    case .global: push(try PickleGlobal.value(module: try input.line(), name: try input.line()))
    case .stackGlobal:
      let parts = try pop(2)
      guard let module = parts[0].text, let name = parts[1].text else { throw malformed }
      push(try PickleGlobal.value(module: module, name: name))
    case .reduce, .newObject:
      let parts = try pop(2)
      guard case .global(let name) = parts[0], case .sequence(let arguments) = parts[1] else { throw malformed }
      push(try made(by: name, sequences[arguments]))
    case .build:
      // Attributes of a dictionary, such as the versions that PyTorch keeps beside a state dictionary.
      let parts = try pop(2)
      guard case .dictionary = parts[0] else { throw .notRun("the state of an object") }
      stack.append(parts[0])
    case .persistentID: push(try storage(try pop(1)[0]))
    }
  }

  // MARK: The stack

  private var malformed: PyTorchError.Problem { .malformed(offset: input.place) }

  private mutating func push(_ value: PickleValue) {
    count += 1
    stack.append(value)
  }

  private func top() throws(PyTorchError.Problem) -> PickleValue {
    guard let value = stack.last, stack.count > marks.last ?? 0 else { throw malformed }
    return value
  }

  private mutating func pop(_ number: Int) throws(PyTorchError.Problem) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= number else { throw malformed }
    let values = Array(stack.suffix(number))
    stack.removeLast(number)
    return values
  }

  private mutating func popMarked() throws(PyTorchError.Problem) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw malformed }
    let values = Array(stack[mark...])
    stack.removeLast(values.count)
    return values
  }

  private mutating func recall(_ index: Int) throws(PyTorchError.Problem) {
    guard let value = memo[index] else { throw malformed }
    push(value)
  }

  private mutating func skipBytes(lengthByteCount: Int) throws(PyTorchError.Problem) {
    _ = try input.bytes(try input.count(byteCount: lengthByteCount))
    push(.nothing)
  }

  // MARK: What holds others

  private mutating func sequence(_ values: [PickleValue]) -> PickleValue {
    sequences.append(values)
    return .sequence(sequences.count - 1)
  }

  private mutating func dictionary() -> PickleValue {
    dictionaries.append(PickleDictionary())
    return .dictionary(dictionaries.count - 1)
  }

  private mutating func append(_ values: [PickleValue]) throws(PyTorchError.Problem) {
    guard case .sequence(let index) = try top() else { throw malformed }
    sequences[index] += values
  }

  private mutating func setItems(_ values: [PickleValue]) throws(PyTorchError.Problem) {
    guard case .dictionary(let index) = try top(), values.count.isMultiple(of: 2) else { throw malformed }
    for place in stride(from: 0, to: values.count, by: 2) {
      dictionaries[index].set(values[place], values[place + 1])
    }
  }

  // MARK: Tensors

  /// The result of a global for some arguments: a dictionary, sizes, or a tensor.
  private mutating func made(by name: String, _ arguments: [PickleValue]) throws(PyTorchError.Problem) -> PickleValue {
    switch name {
    case "collections.OrderedDict":
      guard arguments.isEmpty else { throw .notRun(name + " with arguments") }
      return dictionary()
    case "torch.Size":
      guard arguments.count == 1, case .sequence = arguments[0] else { throw malformed }
      return arguments[0]
    case "torch.device", "_codecs.encode": return .nothing
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      guard case .tensor = arguments.first else { throw malformed }
      return arguments[0]
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
      guard arguments.count >= 4, case .storage(let storage) = arguments[0], let offset = arguments[1].integer,
        let shape = sizes(arguments[2]), let strides = sizes(arguments[3])
      else { throw malformed }
      tensors.append(PyTorchView(storage: storage, offset: offset, shape: shape, strides: strides))
      return .tensor(tensors.count - 1)
    default: throw .notRun(name)
    }
  }

  private func sizes(_ value: PickleValue) -> [Int]? {
    guard case .sequence(let index) = value else { return nil }
    let sizes = sequences[index].compactMap(\.integer)
    return sizes.count == sequences[index].count ? sizes : nil
  }

  /// A storage, which `torch.save` identifies by "storage", its type, key, device and length.
  private mutating func storage(_ identifier: PickleValue) throws(PyTorchError.Problem) -> PickleValue {
    guard case .sequence(let index) = identifier, sequences[index].count >= 5, sequences[index][0] == .text("storage"),
      case .global(let type) = sequences[index][1], let key = sequences[index][2].text,
      let count = sequences[index][4].integer, count >= 0
    else { throw malformed }
    guard let elementType = PickleGlobal.elementType(ofStorage: type) else { throw .notRun(type) }
    storages.append(PyTorchStorage(key: key, elementType: elementType, count: count))
    return .storage(storages.count - 1)
  }
}
