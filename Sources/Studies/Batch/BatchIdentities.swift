internal import Datasets
internal import Files
package import JacquardEngine
package import Runs

/// Identifies the rows of a batch by the content of the files; a data set is hashed once.
package final class BatchIdentities {
  private struct Data: Hashable {
    let folder: String
    let part: DataSource.Part
  }

  /// The views of each image.
  package let views: TestTimeViews
  private var dataHashes: [Data: String] = [:]

  /// Identities of evaluations with these views.
  package init(views: TestTimeViews) { self.views = views }

  /// An item's identity, from known hashes.
  package func identity(of item: BatchItem, weights: String, data: String) -> BatchRow.Identity {
    dataHashes[Data(folder: item.data, part: part(of: item))] = data
    return BatchRow.Identity(
      checkpoint: item.checkpoint, weightsSHA256: weights, data: item.data, dataSHA256: data,
      split: item.split.rawValue, views: views.description)
  }

  /// An item's identity, from its files; hashes of unreadable files are empty.
  package func identity(of item: BatchItem) -> BatchRow.Identity {
    // Reading a pipe could take forever.
    let file = (try? CheckpointPath.weights(of: item.checkpoint)).flatMap { Folder.isRegularFile($0) ? $0 : nil }
    let weights = file.flatMap { try? SHA256.hexadecimal(ofFileAt: $0) }
    return identity(of: item, weights: weights ?? "", data: dataHash(item))
  }

  /// The identity of an ensemble of items on the same split of the same data, from the identities of their rows.
  package func identity(ofEnsemble members: [BatchRow.Identity], data: String, split: EvaluationSplit)
    -> BatchRow.Identity
  {
    let hashes = members.map { $0.weightsSHA256 + "\n" }.joined()
    return identity(
      of: BatchItem(checkpoint: "ensemble", data: data, split: split),
      weights: SHA256.hexadecimal(of: Array(hashes.utf8)), data: members.first?.dataSHA256 ?? "")
  }

  /// The part of the data that contains an item's images.
  private func part(of item: BatchItem) -> DataSource.Part {
    guard item.split == .validation, let source = try? DataSource.named(item.data),
      (try? source.holds(.validation)) == true
    else { return item.split == .test ? .test : .training }
    // Only the weights know whether images were set aside. Reading a pipe could take forever.
    let file = (try? CheckpointPath.weights(of: item.checkpoint)).flatMap { Folder.isRegularFile($0) ? $0 : nil }
    guard let file, let checkpoint = try? Checkpoint(file, model: nil) else { return .validation }
    return item.split.part(in: source, for: checkpoint)
  }

  private func dataHash(_ item: BatchItem) -> String {
    let data = Data(folder: item.data, part: part(of: item))
    if let known = dataHashes[data] { return known }
    let source = try? DataSource.named(data.folder)
    let hash = source.flatMap { LoadedData.sha256(of: data.part, in: $0) } ?? ""
    dataHashes[data] = hash
    return hash
  }
}
