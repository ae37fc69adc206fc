internal import Support

/// Everything that a trainer changes, at one moment between two steps.
public struct TrainerSnapshot: Sendable {
  /// The progress of the run.
  public var progress: TrainingProgress
  /// The parameters and states of the network.
  public let network: NetworkSnapshot
  /// The names of the optimizer's moments.
  public let momentNames: [String]
  /// The optimizer's moments, one after the other; each is as long as the parameters.
  let moments: [Float]
  /// The errors of the samples, if the trainer chooses among them.
  public let errors: SampleErrors?

  init(
    progress: TrainingProgress, network: NetworkSnapshot, momentNames: [String], moments: [Float],
    errors: SampleErrors?
  ) {
    self.progress = progress
    self.network = network
    self.momentNames = momentNames
    self.moments = moments
    self.errors = errors
  }

  /// A snapshot from values in the order of files.
  ///
  /// - Parameters:
  ///   - progress: The progress of the run.
  ///   - network: The network of the snapshot.
  ///   - numbers: The network's parameters and states at that moment.
  ///   - momentNames: The names of the optimizer's moments.
  ///   - errors: The errors of the samples, if the trainer chooses among them.
  ///   - moment: The values of the named moment of a parameter, as many as the parameter has elements.
  public init<Failure: Error>(
    progress: TrainingProgress, of network: Network, numbers: NetworkSnapshot, momentNames: [String],
    errors: SampleErrors? = nil, moment: (_ name: String, NetworkTensor) throws(Failure) -> [Float]
  ) throws(Failure) {
    let count = network.parameters.count
    var moments = [Float](repeating: 0, count: count * momentNames.count)
    for (index, name) in momentNames.enumerated() {
      for tensor in network.graph.parameters.tensors {
        tensor.place(try moment(name, tensor), into: &moments, at: index * count)
      }
    }
    self.init(progress: progress, network: numbers, momentNames: momentNames, moments: moments, errors: errors)
  }

  /// The named moment of a parameter, in the order of files.
  public func moment(_ name: String, of tensor: NetworkTensor) -> [Float] {
    guard let index = momentNames.firstIndex(of: name) else {
      failPrecondition("TrainerSnapshot: no moment is called \(name); moments: \(momentNames)")
    }
    return tensor.values(in: moments, at: index * network.parameters.count)
  }
}

extension NetworkSnapshot {
  /// A snapshot of `network` from each tensor's values in the order of files.
  public init<Failure: Error>(
    of network: Network, values: (NetworkTensor) throws(Failure) -> [Float]
  ) throws(Failure) {
    var parameters = [Float](repeating: 0, count: network.parameters.count)
    var states = [Float](repeating: 0, count: network.states.count)
    for tensor in network.graph.parameters.tensors { tensor.place(try values(tensor), into: &parameters, at: 0) }
    for tensor in network.graph.states.tensors { tensor.place(try values(tensor), into: &states, at: 0) }
    self.init(parameters: parameters, states: states)
  }

  /// A tensor's values in the order of files.
  public func values(of tensor: NetworkTensor) -> [Float] {
    tensor.values(in: tensor.specification.role == nil ? states : parameters, at: 0)
  }
}

extension NetworkTensor {
  /// The tensor's part of a flat array that begins at `base`, in the order of files.
  fileprivate func values(in flat: [Float], at base: Int) -> [Float] {
    specification.order.inFileOrder(flat.span.extracting(base + range.lowerBound..<base + range.upperBound))
  }

  /// Puts values in the order of files into the tensor's part of a flat array that begins at `base`.
  fileprivate func place(_ values: [Float], into flat: inout [Float], at base: Int) {
    require(values.count == range.count, "\(name): needs \(range.count) values, found \(values.count)")
    var all = flat.mutableSpan
    var target = all.part(base + range.lowerBound..<base + range.upperBound)
    specification.order.copy(fileOrder: values.span, to: &target)
  }
}
