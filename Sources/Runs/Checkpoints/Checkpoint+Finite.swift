package import JacquardEngine
package import Support

extension Checkpoint {
  /// Refuses weights that hold infinities or what is no number: their answers would be none, and look like some.
  package static func requireFinite(_ network: Network, path: String) throws(Failure) {
    let snapshot = network.snapshot()
    for tensor in network.tensors {
      let values = snapshot.values(of: tensor)
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw Failure(
          .badData,
          "\(path): tensor \(tensor.name): expected finite numbers, found \(values[place]) at place \(place); "
            + "the training that made it diverged, train anew with a lower \(.lr).")
      }
    }
  }
}
