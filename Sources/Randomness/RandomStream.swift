/// A named stream of a seed: all the random numbers for one purpose of a run.
///
/// Each purpose has a separate name ("order", "augmentation.flip"), so a new purpose never changes the numbers of others.
public struct RandomStream: Sendable, Hashable {
  private let key: UInt64

  /// Makes the stream `name` of `seed`. Equal arguments give equal streams on every machine.
  public init(seed: UInt64, name: String) {
    key = Mixing.absorb(Mixing.hash(name), into: Mixing.absorb(seed, into: 0))
  }

  /// The generator at the address (`epoch`, `index`), at its first number.
  ///
  /// - Parameters:
  ///   - epoch: the epoch or step; 0 if it does not apply.
  ///   - index: the sample, shard or layer; 0 if it does not apply.
  public func generator(epoch: Int, index: Int) -> AddressedGenerator {
    let epochKey = Mixing.absorb(UInt64(bitPattern: Int64(epoch)), into: key)
    return AddressedGenerator(key: Mixing.absorb(UInt64(bitPattern: Int64(index)), into: epochKey))
  }
}
