package import Support

/// Why an ONNX file cannot become a model: the place and the problem.
public struct ONNXImportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong with it.
  public let problem: Problem

  /// What is wrong with a graph or one of its nodes.
  public struct Problem: Error, Equatable, Sendable, CustomStringConvertible {
    /// The node's name, or that of its first output if it has none; nil for the whole graph.
    public let node: String?
    /// The node's operator, prefixed with its domain if that is not the standard one; nil for the whole graph.
    public let operatorType: String?
    /// The problem: for a node, a sentence without its subject; for a graph, a whole sentence.
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
