internal import Support
internal import BLAS
internal import Datasets
internal import Figures
internal import Files
internal import Interchange
internal import JacquardEngine

extension CommandFailure {
  /// The failure that an error of another target amounts to.
  package init(describing error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as FileError: self.init(Self.status(of: error.category), error.description)
    case let error as DatasetError:
      self.init(Self.status(of: error.category), error.diagnosticWithFlags.description)
    case let error as SettingError: self.init(.usage, error.description)
    case .file(let error) as InterchangeError: self.init(Self.status(of: error.category), error.description)
    case let error as InterchangeError: self.init(.badData, error.description)
    case let error as ONNXImportError: self.init(.badData, error.description)
    case let error as ONNXExportError: self.init(.badConfiguration, "\(error).")
    case let error as BLASError: self.init(.badConfiguration, "\(error).")
    case let error as FigureError: self.init(.cannotCreate, error.description)
    case let error as ModelError: self.init(Self.status(of: error), error.description)
    default: self.init(.internalError, "\(error). This is a fault of the program; please report it.")
    }
  }

  private static func status(of error: ModelError) -> ExitStatus {
    if case .unknownName = error { .usage } else { .badConfiguration }
  }

  private static func status(of category: DatasetError.Category) -> ExitStatus {
    switch category {
    case .noInput: .noInput
    case .badData: .badData
    case .inputOutput: .inputOutput
    }
  }

  private static func status(of category: FileError.Category) -> ExitStatus {
    switch category {
    case .noSuchInput: .noInput
    case .badInput: .badData
    case .cannotCreate: .cannotCreate
    case .inputOutput: .inputOutput
    }
  }
}
