extension Network {
  /// Hands out the place of a tensor's elements in this network's own memory, in the order of the engine.
  ///
  /// The place stays the same for as long as the network lives. The elements change when the network is trained or
  /// loaded; reading them while another thread does that is a data race.
  @unsafe package func withElements<Result>(
    of tensor: NetworkTensor, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    let storage = tensor.specification.role == nil ? states : parameters
    return unsafe storage.read(tensor.range).withUnsafeBufferPointer { unsafe body($0) }
  }
}
