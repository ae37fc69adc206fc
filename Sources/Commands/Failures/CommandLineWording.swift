internal import LinearAlgebra
internal import Datasets
internal import Figures
internal import Files
internal import Interchange
internal import JacquardEngine
package import Support

/// How the command line words failures: options as flags, kinds of failures as exit codes.
package struct CommandLineWording: Wording {
  package init() {}

  package func text(of option: OptionName) -> String { "--" + option.words }

  package func code(of kind: Failure.Kind) -> Int { Int(ExitStatus(kind).rawValue) }

  package func kind(of code: Int) -> Failure.Kind? {
    Failure.Kind.allCases.first { self.code(of: $0) == code }
  }

  package func description(of error: any Error) -> (kind: Failure.Kind, text: String) {
    let (kind, text) = described(error)
    return (kind, VisibleText.line(text))
  }

  private func described(_ error: any Error) -> (kind: Failure.Kind, text: String) {
    switch error {
    case let failure as Failure: completed(failure)
    case let error as FileError: (Self.kind(of: error.category), error.description)
    case let error as DatasetError: (Self.kind(of: error.category), error.diagnosticWithFlags.description)
    case let error as SettingError: (.usage, error.description)
    case .file(let error) as InterchangeError: (Self.kind(of: error.category), error.description)
    case let error as InterchangeError: (.badData, error.description)
    case let error as ONNXImportError: (.badData, error.description)
    case let error as ONNXExportError: (.badConfiguration, "\(error).")
    case let error as BLASError: (.badConfiguration, "\(error).")
    case let error as FigureError: (.cannotCreate, error.description)
    case let error as ModelError: (Self.kind(of: error), error.description)
    default: (.internalError, "\(error). This is a bug in the program; please report it.")
    }
  }

  private static func kind(of error: ModelError) -> Failure.Kind {
    if case .unknownName = error { .usage } else { .badConfiguration }
  }

  private static func kind(of category: DatasetError.Category) -> Failure.Kind {
    switch category {
    case .noInput: .noInput
    case .badData: .badData
    case .inputOutput: .inputOutput
    }
  }

  private static func kind(of category: FileError.Category) -> Failure.Kind {
    switch category {
    case .noSuchInput: .noInput
    case .badInput: .badData
    case .cannotCreate: .cannotCreate
    case .inputOutput: .inputOutput
    }
  }
}

extension DatasetError {
  /// The parts of the message, with advice that names command-line flags.
  var diagnosticWithFlags: Diagnostic {
    var diagnostic = diagnostic
    switch code {
    case .dataNotFound:
      diagnostic.advice += " with --data"
    case .noTestImages:
      diagnostic.advice = "choose --split train or validation, or add test images"
    case .noValidationImages:
      diagnostic.advice = "choose --split train or test, or add validation images"
    case .picture(.sizesDiffer(_, _, let height, let width, _)):
      diagnostic.advice = "resize all of them with --image-size \(height)x\(width) or another size"
    case .picture(.unreadable):
      diagnostic.advice =
        "'jacquard data verify' lists all such pictures, and --skip-broken leaves them out"
    case .picture(.tooMuch):
      diagnostic.advice += " with --image-size"
    default: break
    }
    return diagnostic
  }
}
