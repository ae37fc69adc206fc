import Foundation
public import Testing

/// Whether tests may start programs of other projects, such as NumPy and PyTorch, in Python.
public enum OtherPrograms {
  /// The environment variable that enables them; it names the folder of the Python environment.
  public static let variable = "JACQUARD_CONFORMANCE"

  /// Whether they are enabled: `make conformance` and `make test` do so, `swift test` alone does not.
  static let isAsked = ProcessInfo.processInfo.environment[variable]?.isEmpty == false

  /// Whether there is any Python on this machine.
  static let isPossible = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: $0 + "/python3")
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips tests that need Python unless they are enabled, so that `swift test` alone needs none and starts none.
  public static var conformance: Self {
    let reason =
      OtherPrograms.isAsked
      ? "python3 is not installed, so other programs cannot read what was written"
      : "needs other programs in Python: run make conformance"
    return .enabled(if: OtherPrograms.isAsked && OtherPrograms.isPossible, "\(reason)")
  }
}
