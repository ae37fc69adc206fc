internal import Synchronization

/// Notes what is wrong with the files of pictures while they are read, on any number of threads.
public final class PictureLog: Sendable {
  private let state = Mutex<State>(State())

  private struct State {
    var broken: [DatasetError] = []
    var warnings: [PictureWarning] = []
  }

  /// Makes an empty log.
  public init() {}

  /// The files that cannot be read, by their paths.
  public var broken: [DatasetError] { state.withLock { $0.broken }.sorted { $0.path < $1.path } }

  /// What is wrong with files that can be read, by their paths.
  public var warnings: [PictureWarning] { state.withLock { $0.warnings }.sorted { $0.path < $1.path } }

  func note(_ error: DatasetError) { state.withLock { $0.broken.append(error) } }

  func note(_ warnings: [String], of path: String) {
    guard !warnings.isEmpty else { return }
    state.withLock { $0.warnings += warnings.map { PictureWarning(path: path, text: $0) } }
  }
}

/// Something that is wrong with the file of a picture and does not keep it from being read.
public struct PictureWarning: Hashable, Sendable {
  /// The file.
  public let path: String
  /// What is wrong, in the words of what decodes.
  public let text: String
}
