public import Samples

/// A model's head: its last layer with weights, which gives one number per class.
extension Model {
  /// The same layers for other classes, and perhaps for images of another size: only the head has other weights.
  ///
  /// Weights of all other layers fit both models.
  ///
  /// - Parameters:
  ///   - classNames: The classes; the head gets an output for each.
  ///   - inputShape: The shape of the images; nil for this model's.
  /// - Throws: `.invalid` if the last layer with weights is neither a dense layer nor a plain convolution with an output for each class, or
  ///   if other layers' weights depend on the size of the images.
  public func withHead(classNames: [String], inputShape: Shape? = nil) throws(ModelError) -> Model {
    var model = self
    model.classNames = classNames
    model.inputShape = inputShape ?? self.inputShape
    let index = try headIndex
    switch layers[index] {
    case var dense as Dense:
      dense.outputFeatures = classNames.count
      model.layers[index] = dense
    case var convolution as Conv2D:
      convolution.outputChannels = classNames.count
      model.layers[index] = convolution
    default: break
    }
    let head = headName(index)
    let (own, others) = (try tensors(), try model.tensors())
    for (tensor, other) in zip(own, others) where !tensor.name.hasPrefix(head + ".") {
      guard tensor.specification.order == other.specification.order else {
        throw .invalid(
          "the model \"\(name)\" takes \(self.inputShape): for images of \(model.inputShape), \(tensor.name) would need other weights"
        )
      }
    }
    return model
  }

  /// The name of the head.
  ///
  /// - Throws: as `withHead`.
  package var headName: String {
    get throws(ModelError) { headName(try headIndex) }
  }

  private func headName(_ index: Int) -> String { LayerChain(layers).names(within: "")[index] }

  private var headIndex: Int {
    get throws(ModelError) {
      let names = LayerChain(layers).names(within: "")
      let last = try tensors().last { $0.specification.role != nil }
      guard let last, let index = names.lastIndex(where: { last.name.hasPrefix($0 + ".") }) else {
        throw .invalid("the model \"\(name)\" has no layer with weights, so it cannot get a new head")
      }
      switch layers[index] {
      case let dense as Dense where dense.outputFeatures == classNames.count: return index
      case let convolution as Conv2D where convolution.outputChannels == classNames.count && convolution.groups == 1:
        return index
      case let layer:
        throw .invalid(
          "the last layer with weights of the model \"\(name)\" is \(names[index]) (\(type(of: layer).type)); "
            + "only a dense layer or a convolution with one output for each class can be replaced by a new head")
      }
    }
  }
}

extension Network {
  /// Takes the weights and running statistics of a network whose model differs in its head only, as `Model.withHead` makes them. The rows of classes that
  /// both models name are taken too; other rows of the head keep their values.
  ///
  /// Names that are numbers say nothing about a class, so they count only if all names are the same.
  ///
  /// - Returns: The number of classes whose rows were taken.
  /// - Throws: `.invalid` if the networks differ in more than their heads.
  @discardableResult
  public func takeBody(of source: Network) throws(ModelError) -> Int {
    let head = try source.model.headName
    let rows = model.classNames.map { name in
      let isNumber = !name.isEmpty && name.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      return isNumber && model.classNames != source.model.classNames
        ? nil : source.model.classNames.firstIndex(of: name)
    }
    let given = Dictionary(source.tensors.map { ($0.name, $0) }) { first, _ in first }
    for tensor in tensors {
      guard let other = given[tensor.name] else {
        throw .invalid("the network of \"\(source.model.name)\" has no tensor \(tensor.name)")
      }
      if !tensor.name.hasPrefix(head + ".") {
        guard tensor.specification.order == other.specification.order else {
          throw .invalid("\(tensor.name) has different shapes in the two networks")
        }
        importTensor(tensor, source.exportTensor(other))
        continue
      }
      // A row for each class, in the order of files.
      var values = exportTensor(tensor)
      let others = source.exportTensor(other)
      let size = values.count / rows.count
      guard others.count == size * source.model.classNames.count else {
        throw .invalid("\(tensor.name) takes different inputs in the two networks")
      }
      for (row, known) in rows.enumerated() {
        guard let known else { continue }
        values.replaceSubrange(row * size..<(row + 1) * size, with: others[known * size..<(known + 1) * size])
      }
      importTensor(tensor, values)
    }
    return rows.count { $0 != nil }
  }
}
