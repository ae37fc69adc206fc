internal import Support

/// Which samples an epoch trains on: all of them in the first, and in every later one the share with the largest errors.
///
/// The error of a sample is the length of the gradient of its loss with respect to the logits (Paul, Ganguli and Dziugaite 2021), when a step last used
/// it. A sample that no step has used counts as the hardest. A choice depends on nothing but the errors at the beginning of its epoch.
final class SampleSelection: Sendable {
  /// Each sample's error when a step last used it; steps write them.
  let errors: Storage<Float>
  /// The errors at the beginning of the epoch, which decide which samples it has.
  private let epochErrors: Storage<Float>

  /// A selection among `count` samples, none of which has been used.
  init(count: Int) {
    errors = Storage(count: count)
    epochErrors = Storage(count: count)
    errors.set([Float](repeating: .infinity, count: count))
  }

  /// Keeps the errors of this moment for the choice of an epoch that begins.
  func beginEpoch() {
    let (errors, epochErrors) = (errors, epochErrors)
    var target = epochErrors.allMutable
    Kernels.copy(errors.all, to: &target)
  }

  /// Moves the `count` samples with the largest errors to the front of `order`, without changing their sequence. Of equal errors, the first in `order` are
  /// taken.
  func choose(_ count: Int, from order: inout MutableSpan<Int32>) {
    let epochErrors = epochErrors
    let errors = epochErrors.all
    let (least, ties) = Self.leastChosen(errors, count: count)
    var (place, tiesLeft) = (0, ties)
    for index in order.indices {
      let sample = order[index]
      let error = errors[Int(sample)].bitPattern
      guard error >= least else { continue }
      if error == least {
        guard tiesLeft > 0 else { continue }
        tiesLeft -= 1
      }
      order[place] = sample
      place += 1
    }
  }

  /// The bits of the smallest error among the `count` largest, and how many of the samples with that very error belong to them.
  ///
  /// The bits of numbers that are not negative are in the order of the numbers. So one pass for each byte finds those of the error, the highest first.
  private static func leastChosen(_ errors: Span<Float>, count: Int) -> (bits: UInt32, ties: Int) {
    var (bits, known): (UInt32, UInt32) = (0, 0)
    var left = count
    for shift in stride(from: UInt32(24), through: 0, by: -8) {
      var counts = InlineArray<256, Int>(repeating: 0)
      for index in errors.indices where errors[index].bitPattern & known == bits {
        counts[Int(errors[index].bitPattern >> shift & 0xFF)] += 1
      }
      var byte = 255
      while byte > 0, counts[byte] < left {
        left -= counts[byte]
        byte -= 1
      }
      bits |= UInt32(byte) << shift
      known |= 0xFF << shift
    }
    return (bits, left)
  }

  /// The errors now and at the beginning of the epoch.
  var snapshot: SampleErrors { SampleErrors(latest: errors.copy(), atEpochStart: epochErrors.copy()) }

  /// Goes back to other errors.
  func restore(_ snapshot: SampleErrors) {
    errors.set(snapshot.latest)
    epochErrors.set(snapshot.atEpochStart)
  }
}

/// What a trainer knows about its samples, if it chooses among them: a number for each.
public struct SampleErrors: Hashable, Sendable {
  /// The error of each sample when a step last used it; infinite if none has.
  public let latest: [Float]
  /// The errors at the beginning of the epoch.
  public let atEpochStart: [Float]

  /// Errors of a state; both lists have one number, not below 0, for each sample.
  public init(latest: [Float], atEpochStart: [Float]) {
    require(
      latest.count == atEpochStart.count,
      "SampleErrors: both lists need a number for each sample, found \(latest.count) and \(atEpochStart.count)")
    self.latest = latest
    self.atEpochStart = atEpochStart
  }
}
