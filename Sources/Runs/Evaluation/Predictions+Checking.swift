internal import JacquardEngine
package import Support

extension Predictions {
  /// Rejects predictions that are not finite: figures computed from them would look like results.
  ///
  /// - Parameter checkpoint: The checkpoint, as the user named it.
  package func requireFinite(from checkpoint: String) throws(Failure) {
    if logits.allSatisfy(\.isFinite) { return }
    let classes = logits.count / max(1, labels.count)
    let broken = labels.indices.filter { !logits[$0 * classes..<($0 + 1) * classes].allSatisfy(\.isFinite) }
    throw Failure(
      .badData,
      "\(checkpoint): the predictions for \(NumberText.grouped(broken.count)) of \(NumberText.grouped(labels.count)) images "
        + "are not finite; the weights are far too large; train again with a lower \(.lr).")
  }
}
