extension Network {
  /// Returns the address of a tensor's elements in this network's memory, in the engine's order.
  ///
  /// The address stays valid for as long as the network lives. Training and loading change the elements; reading them in another thread at that time
  /// is a data race.
  @unsafe package func withElements<Result>(
    of tensor: NetworkTensor, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    let storage = tensor.specification.role == nil ? states : parameters
    return unsafe storage.read(tensor.range).withUnsafeBufferPointer { unsafe body($0) }
  }
}
