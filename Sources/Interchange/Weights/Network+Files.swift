public import Files
internal import Glibc
public import JacquardEngine
internal import Support

extension Network {
  /// Reads a network from a weights file that contains its model, as written by `save(to:)` and the command line.
  ///
  /// - Parameters:
  ///   - path: A `.safetensors` file, or a run folder, whose last weights are read.
  ///   - options: How the network computes.
  /// - Throws: a `NetworkFileError` with the problem of the file.
  public convenience init(
    contentsOf path: String, options: ComputeOptions = ComputeOptions()
  ) throws(NetworkFileError) {
    let (file, model) = try WeightsFile.withModel(path)
    do throws(ModelError) {
      try self.init(awaitingWeights: model, options: options)
    } catch {
      throw .badModel(path: file.path, error)
    }
    do throws(WeightsError) {
      try file.load(into: self)
    } catch {
      throw .otherWeights(error)
    }
  }

  /// Writes the network and its model to a weights file, atomically; `Network(contentsOf:)` reads it back.
  ///
  /// - Parameters:
  ///   - path: The file, in the safetensors format regardless of its name.
  ///   - provenance: The origin of the weights, as JSON, stored in the file's metadata.
  /// - Throws: a `NetworkFileError` if the file cannot be written.
  public func save(to path: String, provenance: String = "{}") throws(NetworkFileError) {
    let file: WeightsFile
    do throws(ModelError) {
      file = try WeightsFile(of: self, snapshot(), provenance: provenance)
    } catch {
      throw .badModel(path: path, error)
    }
    do throws(FileError) {
      try file.content.write(to: path)
    } catch {
      throw .unwritable(error)
    }
  }
}

extension WeightsFile {
  /// Reads a file whose tensors match the model in its metadata.
  fileprivate static func withModel(_ path: String) throws(NetworkFileError) -> (WeightsFile, Model) {
    let file: WeightsFile
    do throws(InterchangeError) {
      file = try WeightsFile(ofRunOrFile: path)
    } catch {
      throw .unreadable(error)
    }
    let named: (model: Model, tensors: [NetworkTensor])?
    do throws(ModelError) {
      named = try file.model().map { model throws(ModelError) in (model, try model.tensors()) }
    } catch {
      throw .badModel(path: file.path, error)
    }
    guard let named else { throw .modelMissing(path: file.path) }
    // A file can claim any size, so it is compared with the available memory before allocating.
    do throws(WeightsError) {
      try file.check(holds: named.tensors, of: named.model)
    } catch {
      throw .otherWeights(error)
    }
    return (file, named.model)
  }

  /// Reads a weights file, or the last weights of a run folder.
  ///
  /// - Throws: for a folder that is not a run, the error of reading the folder itself: it describes the mistake better than a missing file inside it.
  public init(ofRunOrFile path: String) throws(InterchangeError) {
    let first: InterchangeError
    do throws(InterchangeError) {
      try self.init(contentsOf: path)
      return
    } catch {
      first = error
    }
    guard case .file(let failure) = first, failure.systemCode == EISDIR else { throw first }
    do throws(InterchangeError) {
      try self.init(contentsOf: path + "/weights/last.safetensors")
    } catch {
      if case .file(let failure) = error, failure.systemCode == ENOENT || failure.systemCode == ENOTDIR { throw first }
      throw error
    }
  }
}

/// Why a network could not be read from a file or written to one.
public enum NetworkFileError: Error, Sendable, CustomStringConvertible {
  /// The file cannot be read, or is not a weights file.
  case unreadable(InterchangeError)
  /// The file does not contain the model of its weights.
  case modelMissing(path: String)
  /// The model in the file's metadata cannot be used, or the network's model cannot be written.
  case badModel(path: String, ModelError)
  /// The weights do not match the file's model.
  case otherWeights(WeightsError)
  /// The file cannot be written.
  case unwritable(FileError)

  /// One line: the file, what is wrong with it, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .modelMissing(let path):
      Diagnostic(
        place: path, problem: "the file does not say which model it is for",
        advice: "create the network from a model, and load the weights with WeightsFile"
      ).description
    case .badModel(let path, let error): "\(path): the model in its metadata cannot be used: \(error)"
    case .otherWeights(let error): error.description
    case .unwritable(let error): "\(error)"
    }
  }
}
