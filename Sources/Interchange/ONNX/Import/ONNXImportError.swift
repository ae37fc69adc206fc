package import Support

/// Why an ONNX file cannot become a model: the place and the problem.
public struct ONNXImportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong in it.
  public let problem: Problem

  /// What is wrong with a graph or one of its nodes.
  public struct Problem: Error, Equatable, Sendable, CustomStringConvertible {
    /// The node's name, or that of its first output if it has none; nil for the whole graph.
    public let node: String?
    /// The node's operator, with its domain where it is not that of the standard; nil for the graph as a whole.
    public let operatorType: String?
    /// What is wrong, as a sentence without a subject for a node, and as a sentence for a graph.
    public let reason: String

    init(node: String? = nil, operatorType: String? = nil, _ reason: String) {
      self.node = node
      self.operatorType = operatorType
      self.reason = reason
    }

    /// For example: node "conv1" (Conv) has 3 groups, …
    public var description: String {
      guard let node, let operatorType else { return reason }
      return "node \(ForeignText.quoted(node)) (\(ForeignText.plain(operatorType))) \(reason)"
    }
  }

  /// The file, the node, the reason.
  package var diagnostic: Diagnostic { Diagnostic(place: path, problem: "\(problem).") }

  /// One line: the file, the node, the reason.
  public var description: String { diagnostic.description }
}
