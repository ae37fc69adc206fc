/// A named stream of a seed: all the random numbers that one purpose of a run may need.
///
/// Two purposes take two names ("order", "augmentation.flip"), so that a new purpose never moves the numbers of an old one.
public struct RandomStream: Sendable, Hashable {
  private let key: UInt64

  /// Makes the stream called `name` of `seed`. Equal arguments give equal streams, on every machine.
  public init(seed: UInt64, name: String) {
    key = Mixing.absorb(Mixing.hash(name), into: Mixing.absorb(seed, into: 0))
  }

  /// The generator at the address (`epoch`, `index`), standing at its first number.
  ///
  /// - Parameters:
  ///   - epoch: the epoch, or the step, that the numbers belong to; 0 where there is none.
  ///   - index: the sample, shard or layer that the numbers belong to; 0 where there is none.
  public func generator(epoch: Int, index: Int) -> AddressedGenerator {
    let epochKey = Mixing.absorb(UInt64(bitPattern: Int64(epoch)), into: key)
    return AddressedGenerator(key: Mixing.absorb(UInt64(bitPattern: Int64(index)), into: epochKey))
  }
}
