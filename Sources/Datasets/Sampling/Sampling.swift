/// Which samples an epoch consists of.
public enum Sampling: String, CaseIterable, Hashable, Sendable {
  /// Each sample once.
  case once
  /// Each class equally often: rare classes repeat their samples, and frequent ones leave some out. An epoch keeps its length.
  case balanced
}
