package import Datasets
internal import Files
internal import Interchange
package import JacquardEngine
internal import NumPy
internal import Runs
internal import Support
internal import Terminal

/// A prediction for each training image by a network that was not trained on it, in the order of the images.
package struct OutOfFoldPredictions {
  /// The image's number in the training set.
  package let indices: [Int32]
  /// Its class.
  package let labels: [Int32]
  /// The number of its fold, from 1.
  package let folds: [Int]
  /// `[images][classes]`, as `Float` probabilities.
  package let probabilities: [Float]
  /// The classes.
  package let classNames: [String]
  /// The paths of pictures below the data's folder, for all images of the training set; nil for other data.
  package let paths: [String]?

  /// The names of the files.
  package static let archiveName = "predictions.npz"
  private static let tableName = "predictions.csv"

  /// Predicts the images of each fold by the last weights of its run.
  ///
  /// - Parameters:
  ///   - runs: The runs' folders, in the order of the folds.
  ///   - source: The data, read as the runs read it.
  package init(_ runs: [String], in source: DataSource, threads: Int) throws {
    let team = try WorkerTeam.started(threads: threads, isNamed: false)
    guard let first = runs.first else { throw Failure(.noInput, "a cross-validation without runs has no predictions.") }
    let names = try Checkpoint(first, model: nil).model.classNames
    let set = try source.load(.training, classNames: names)
    // One row for each image of the set: those that no fold contains are dropped at the end.
    var all = [Float](repeating: 0, count: set.count * names.count)
    var folds = [Int](repeating: 0, count: set.count)
    for (place, run) in runs.enumerated() {
      let checkpoint = try Checkpoint(run, model: nil)
      let data = try EvaluationData(set, of: source, checkpoint: checkpoint, split: .validation)
      let predictor = Predictor(try checkpoint.network(), team: team)
      // This prediction cannot be stopped, so it always has a result.
      let predictions = predictor.logits(of: data.source) ?? Predictions(logits: [], labels: [])
      try predictions.requireFinite(from: run)
      let shares = predictions.probabilities(classes: names.count)
      for (image, index) in data.source.indices.enumerated() {
        folds[Int(index)] = place + 1
        let row = Int(index) * names.count
        all.replaceSubrange(row..<row + names.count, with: shares[image * names.count..<(image + 1) * names.count])
      }
    }
    let used = folds.indices.filter { folds[$0] > 0 }
    indices = used.map { Int32($0) }
    labels = used.map { Int32(set.labels[$0]) }
    self.folds = used.map { folds[$0] }
    probabilities =
      used.count == set.count ? all : used.flatMap { all[$0 * names.count..<($0 + 1) * names.count] }
    classNames = names
    paths = try source.relativePaths(of: .training, count: set.count)
  }

  /// Reads the archive of a cross-validation.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - set: The training images that it must be about.
  ///   - paths: The paths of pictures below the data's folder; nil for other data.
  /// - Throws: a `Failure` of the kind `badData` if it is no such archive, or about other images.
  package init(_ path: String, of set: ImageSet, paths: [String]?) throws {
    let archive = try NumPyArchive(contentsOf: path)
    func array(_ name: String) throws(Failure) -> NumPyArray {
      guard let member = archive.members.first(where: { $0.name == name }) else {
        throw Failure(
          .badData, "\(path): expected the arrays index, label, fold and probabilities of 'crossval', found no \(name)."
        )
      }
      return member.array
    }
    let (index, label, fold) = (try array("index").integers, try array("label").integers, try array("fold").integers)
    let shares = try array("probabilities")
    guard let index, let label, let fold, index.count == label.count, index.count == fold.count,
      shares.shape == [index.count, set.classCount]
    else {
      throw Failure(
        .badData,
        "\(path): expected whole numbers for each image and probabilities of \(set.classCount) classes, found \(shares.shape); use the archive of a cross-validation of this data."
      )
    }
    for (place, image) in index.enumerated() {
      guard 0..<set.count ~= image, Int(set.labels[image]) == label[place] else {
        throw Failure(
          .badData,
          "\(path): image \(image) has the class \(label[place]) there, but \(0..<set.count ~= image ? "\(set.labels[image]) in the data" : "the data has only \(set.count) images"); use the data of the cross-validation."
        )
      }
    }
    indices = index.map(Int32.init)
    labels = label.map(Int32.init)
    folds = fold
    probabilities = shares.floats
    classNames = set.classNames
    self.paths = paths
    guard probabilities.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw Failure(.badData, "\(path): some probabilities are not numbers of at least 0.")
    }
  }

  /// The quality of the predictions. Their logarithms stand for logits.
  package var report: ClassificationReport {
    ClassificationReport(
      Predictions(logits: probabilities.map(Predictions.logit), labels: labels), classNames: classNames)
  }

  /// Writes the archive, and a table for people.
  func write(to folder: String) throws {
    let count = indices.count
    let archive = NumPyArchive([
      .init(name: "index", array: NumPyArray(shape: [count], integers: indices.map(Int64.init))),
      .init(name: "label", array: NumPyArray(shape: [count], integers: labels.map(Int64.init))),
      .init(name: "fold", array: NumPyArray(shape: [count], integers: folds.map(Int64.init))),
      .init(
        name: "probabilities", array: NumPyArray(shape: [count, classNames.count], floats: probabilities)),
    ])
    try AtomicFile.write(archive.serialized(), to: folder + "/" + Self.archiveName)
    var text = "index,path,label,fold,predicted,probability,label_probability\n"
    for place in indices.indices {
      let first = place * classNames.count
      let row = probabilities[first..<first + classNames.count]
      let answer = row.indices.reduce(first) { row[$1] > row[$0] ? $1 : $0 }
      text += CSVText.row([
        String(indices[place]), paths?[Int(indices[place])] ?? "", classNames[Int(labels[place])], String(folds[place]),
        classNames[answer - first], NumberText.fixed(Double(row[answer]), decimals: 6),
        NumberText.fixed(Double(row[first + Int(labels[place])]), decimals: 6),
      ])
      text += "\n"
    }
    try AtomicFile.write(text: text, to: folder + "/" + Self.tableName)
  }
}
