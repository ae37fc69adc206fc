internal import Files
internal import Support

/// The exit codes that scripts rely on; from 64 on they are those of `sysexits.h`.
package enum ExitStatus: Int32, CaseIterable, Error, Sendable {
  /// Everything succeeded.
  case done = 0
  /// Some of many items failed; each reported it on its own line.
  case someItemsFailed = 1
  /// A gate such as `--min-accuracy` was not met.
  case gateNotMet = 3
  /// The command line is wrong.
  case usage = 64
  /// A file's content is wrong.
  case badData = 65
  /// An input file or folder does not exist.
  case noInput = 66
  /// A bug in this program.
  case internalError = 70
  /// A file or folder cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed.
  case inputOutput = 74
  /// A configuration file is wrong, or the machine is unsuitable.
  case badConfiguration = 78
  /// Stopped by SIGINT: 128 plus the signal's number, as a shell reports it.
  case interrupted = 130
  /// Stopped by SIGTERM: 128 plus the signal's number, as a shell reports it.
  case terminated = 143
}

extension ExitStatus {
  /// The exit code of a kind of failure.
  init(_ kind: Failure.Kind) {
    self =
      switch kind {
      case .someItemsFailed: .someItemsFailed
      case .gateNotMet: .gateNotMet
      case .usage: .usage
      case .badData: .badData
      case .noInput: .noInput
      case .internalError: .internalError
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      case .badConfiguration: .badConfiguration
      }
  }

  /// The exit code of a process that was asked to stop.
  init(_ request: StopRequest) {
    self =
      switch request {
      case .interruption: .interrupted
      case .termination: .terminated
      }
  }

  /// What the code means, for people.
  package var meaning: String {
    switch self {
    case .done: "Everything succeeded."
    case .someItemsFailed: "Some of many items failed; each reported it on its own line."
    case .gateNotMet: "A gate such as --min-accuracy was not met, or 'reproduce' found different weights."
    case .usage: "The command line is wrong."
    case .badData: "A file's content is wrong."
    case .noInput: "An input file or folder does not exist."
    case .internalError: "A bug in this program."
    case .cannotCreate: "A file or folder cannot be created."
    case .inputOutput: "Reading or writing failed."
    case .badConfiguration:
      "A configuration file, an environment variable, the processor or its BLAS is unsuitable."
    case .interrupted: "Stopped by SIGINT."
    case .terminated: "Stopped by SIGTERM."
    }
  }
}
