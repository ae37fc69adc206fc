internal import Support

/// Tensors that keep their values in training, for the whole run or for its first epochs.
///
/// Written as text, `body`, `norms` and patterns as in `ParameterGroup`, separated by commas: `conv1.*,bn1.*`. A frozen tensor keeps every bit,
/// also with weight decay, averaged and slow weights. A norm whose running statistics are frozen uses them in training too, instead of the batch's.
public struct Freezing: Hashable, Sendable {
  /// A part of a network.
  public enum Part: Hashable, Sendable {
    /// Everything except the head, the last layer with parameters.
    case body
    /// The running statistics of all norms; their weights and biases train.
    case norms
    /// The tensors whose names match a pattern; `*` stands for any characters and `?` for one.
    case pattern(String)
  }

  /// The frozen parts.
  public var parts: [Part]
  /// The epochs after which frozen parameters begin to train, rising; none for never.
  ///
  /// With one number, all begin after that epoch. With several, the frozen layers are divided into as many groups of about the same number of layers:
  /// the last group begins after the first epoch of the list, the first layers after the last. Running statistics stay frozen.
  public var unfreezeAfter: [Int]

  /// Freezes parts of a network; the epochs must rise and be positive.
  public init(_ parts: [Part], unfreezeAfter: [Int] = []) {
    require(
      Self.areRising(unfreezeAfter),
      "Freezing: unfreezeAfter must be positive epochs in rising order, found \(unfreezeAfter)")
    self.parts = parts
    self.unfreezeAfter = unfreezeAfter
  }

  /// Reads parts separated by commas; nil if one is empty.
  public init?(parsing text: some StringProtocol, unfreezeAfter: [Int] = []) {
    var parts: [Part] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      switch part {
      case "": return nil
      case "body": parts.append(.body)
      case "norms": parts.append(.norms)
      default: parts.append(.pattern(String(part)))
      }
    }
    self.init(parts, unfreezeAfter: unfreezeAfter)
  }

  /// The text of the parts; parsing it gives the same parts.
  public var text: String { parts.map(\.description).joined(separator: ",") }

  /// Whether epochs are positive and each is later than the one before.
  package static func areRising(_ epochs: [Int]) -> Bool {
    epochs.allSatisfy { $0 > 0 } && zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 }
  }
}

extension Freezing.Part: CustomStringConvertible {
  /// As in the text of `Freezing`.
  public var description: String {
    switch self {
    case .body: "body"
    case .norms: "norms"
    case .pattern(let pattern): pattern
    }
  }

  /// Whether a tensor belongs to the part.
  ///
  /// - Parameter isHead: Whether it belongs to the last layer with parameters.
  func contains(_ tensor: NetworkTensor, isHead: Bool) -> Bool {
    switch self {
    case .body: !isHead
    case .norms: tensor.specification.role == nil
    case .pattern(let pattern): ParameterGroup(pattern).contains(tensor.name)
    }
  }
}

/// What a `Freezing` means for the tensors of one network.
struct FrozenTensors: Sendable {
  /// For each parameter, the last epoch in which it keeps its values: 0 for one that always trains, `Int.max` for one that never does.
  let lastFrozenEpochs: [Int]
  /// The ranges of frozen running statistics.
  let states: Set<Range<Int>>
  private let parameters: [NetworkTensor]

  /// Nothing is frozen for nil.
  init(_ freezing: Freezing?, of graph: Graph) {
    parameters = graph.parameters.tensors
    guard let freezing else {
      lastFrozenEpochs = parameters.map { _ in 0 }
      states = []
      return
    }
    let head = graph.head
    func isFrozen(_ tensor: NetworkTensor, isHead: Bool) -> Bool {
      freezing.parts.contains { $0.contains(tensor, isHead: isHead) }
    }
    states = Set(
      graph.states.tensors.filter { isFrozen($0, isHead: head?.states.contains($0.range) ?? false) }.map(\.range))
    let frozen = parameters.map { isFrozen($0, isHead: head?.parameters.contains($0.range) ?? false) }
    var layers: [String] = []
    for (tensor, isFrozen) in zip(parameters, frozen) where isFrozen && layers.last != tensor.layer {
      layers.append(tensor.layer)
    }
    var epochs: [String: Int] = [:]
    let steps = freezing.unfreezeAfter
    for (index, layer) in layers.enumerated() {
      epochs[layer] = steps.isEmpty ? .max : steps[steps.count - 1 - index * steps.count / layers.count]
    }
    lastFrozenEpochs = zip(parameters, frozen).map { $1 ? epochs[$0.layer] ?? .max : 0 }
  }

  /// The parameters that keep their values in an epoch.
  func parameters(inEpoch epoch: Int) -> Set<Range<Int>> {
    Set(zip(parameters, lastFrozenEpochs).filter { $1 >= epoch }.map(\.0.range))
  }

  /// The last epoch in which the same tensors are frozen as in this one.
  func lastEpoch(like epoch: Int) -> Int { lastFrozenEpochs.filter { $0 >= epoch }.min() ?? .max }
}

extension NetworkTensor {
  /// The name of its layer.
  fileprivate var layer: String { name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name }
}

extension Network {
  /// The first part of a freezing that no tensor of the network belongs to; nil if each has one.
  package func unknownPart(of freezing: Freezing) -> Freezing.Part? {
    let head = graph.head
    return freezing.parts.first { part in
      !tensors.contains { tensor in
        let ranges = tensor.specification.role == nil ? head?.states : head?.parameters
        return part.contains(tensor, isHead: ranges?.contains(tensor.range) ?? false)
      }
    }
  }

  /// Whether a freezing leaves no parameter that trains before its first unfreezing.
  package func isWhollyFrozen(by freezing: Freezing) -> Bool {
    FrozenTensors(freezing, of: graph).lastFrozenEpochs.allSatisfy { $0 > 0 }
  }
}
