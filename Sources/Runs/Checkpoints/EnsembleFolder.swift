internal import Files
package import JacquardEngine
package import Support

/// A folder whose subfolders are runs of one model's shape and classes, such as that of a cross-validation: together, an ensemble.
package enum EnsembleFolder {
  /// The checkpoints of the runs, by name: names that end in numbers are in the order of the numbers.
  ///
  /// - Throws: a `Failure`: `noInput` if there are fewer than two runs with weights, `badConfiguration` if their models take other images or have other
  ///   classes.
  package static func checkpoints(
    in path: String, model: String?, preprocessing: Normalization?
  ) throws(Failure) -> [Checkpoint] {
    let folder = PathText.trimmed(path)
    let names: [String]
    do throws(FileError) {
      names = Folder.kind(folder) == .folder ? try Folder.names(folder) : []
    } catch {
      throw Failure(error)
    }
    let runs = names.filter { Folder.kind(RunFolder(existing: PathText.joined(folder, $0)).lastWeights) == .file }
    guard runs.count > 1 else {
      throw Failure(
        .noInput,
        "\(path): this folder contains \(runs.isEmpty ? "no runs" : "a single run"); an ensemble is a folder of several, such as that of a cross-validation."
      )
    }
    var checkpoints: [Checkpoint] = []
    for name in runs.sorted(by: precedes) {
      let checkpoint = try Checkpoint(PathText.joined(folder, name), model: model, preprocessing: preprocessing)
      if let first = checkpoints.first {
        guard first.model.inputShape == checkpoint.model.inputShape,
          first.model.classNames == checkpoint.model.classNames
        else {
          throw Failure(
            .badConfiguration,
            "\(path): \(name) takes other images or has other classes than \(runs[0]), so they cannot form an ensemble."
          )
        }
      }
      checkpoints.append(checkpoint)
    }
    return checkpoints
  }

  private static func precedes(_ a: String, _ b: String) -> Bool {
    let (one, other) = (split(a), split(b))
    return one.text == other.text ? (one.number, a) < (other.number, b) : one.text < other.text
  }

  /// A name as the text before its last digits, and their number.
  private static func split(_ name: String) -> (text: String, number: Int) {
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }
    return (String(name.dropLast(digits.count)), Int(String(digits.reversed())) ?? -1)
  }
}
