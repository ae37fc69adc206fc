internal import Support

/// How pruned weights are marked, found and kept: a pruned weight is −0, a number equal to 0 that no other weight of a training with pruning has.
///
/// So weights files, states and snapshots carry the mask without further tensors, and a pruned network that is trained further keeps its zeros.
enum PrunedWeights {
  /// −0
  private static let mark: UInt32 = 0x8000_0000

  /// The value of a pruned weight.
  static let value = Float(bitPattern: mark)

  /// Sets the weights that were pruned before an update to zero again. No other becomes −0.
  static func keep(_ before: Span<Float>, in values: inout MutableSpan<Float>) {
    let count = values.count
    require(before.count == count, "PrunedWeights: spans differ in length")
    for index in 0..<count {
      // Adding 0 changes only −0.
      values[index] = before[index].bitPattern == mark ? value : values[index] + 0
    }
  }

  /// Prunes the smallest weights until `count` are; of equal ones, the first.
  ///
  /// - Parameter isPruned: Called for every weight that is newly pruned.
  static func prune(_ values: inout MutableSpan<Float>, to count: Int, _ isPruned: (_ index: Int) -> Void) {
    var pruned = 0
    for index in values.indices where values[index].bitPattern == mark { pruned += 1 }
    guard count > pruned else { return }
    let (magnitude, ties) = largestMagnitude(ofSmallest: count - pruned, in: values.span)
    var tiesLeft = ties
    for index in values.indices {
      let bits = values[index].bitPattern
      guard bits != mark, bits & ~mark <= magnitude else { continue }
      if bits & ~mark == magnitude {
        guard tiesLeft > 0 else { continue }
        tiesLeft -= 1
      }
      values[index] = value
      isPruned(index)
    }
  }

  /// Among weights that are not pruned, the bits of the largest of the `count` smallest magnitudes, and how many weights of that very magnitude belong to them.
  ///
  /// The bits of magnitudes are in the order of the magnitudes. Three passes find their upper 11, then the next 11, then the lower 9: the time is linear.
  private static func largestMagnitude(ofSmallest count: Int, in values: Span<Float>) -> (bits: UInt32, ties: Int) {
    var (bits, known): (UInt32, UInt32) = (0, 0)
    var left = count
    let passes: InlineArray<3, (shift: UInt32, mask: UInt32)> = [(20, 0x7FF), (9, 0x7FF), (0, 0x1FF)]
    for pass in passes.indices {
      let (shift, mask) = passes[pass]
      var counts = InlineArray<2048, Int32>(repeating: 0)
      for index in values.indices {
        let number = values[index].bitPattern
        if number != mark, number & known == bits { counts[Int(number >> shift & mask)] += 1 }
      }
      var place = 0
      while place < Int(mask), Int(counts[place]) < left {
        left -= Int(counts[place])
        place += 1
      }
      bits |= UInt32(place) << shift
      known |= mask << shift
    }
    return (bits, left)
  }

  /// The number of weights that are 0, whatever their sign.
  static func zeros(in values: Span<Float>) -> Int {
    var zeros = 0
    for index in values.indices where values[index] == 0 { zeros += 1 }
    return zeros
  }
}

/// How many weights of a network's convolutions and dense layers are zero.
public struct Sparsity: Hashable, Sendable {
  /// Weights that are zero.
  public let zeros: Int
  /// All weights, without biases and norms.
  public let weights: Int

  /// The zeros among some tensors' values.
  package init(of tensors: [[Float]]) {
    zeros = tensors.reduce(0) { $0 + PrunedWeights.zeros(in: $1.span) }
    weights = tensors.reduce(0) { $0 + $1.count }
  }

  init(zeros: Int, weights: Int) {
    self.zeros = zeros
    self.weights = weights
  }

  /// The share of zeros; 0 for a network without weights.
  public var share: Double { Double(zeros) / Double(max(1, weights)) }
}

extension Network {
  /// The zeros among the weights of convolutions and dense layers, as pruning makes them. Reads every weight.
  public var sparsity: Sparsity {
    let tensors = graph.parameters.tensors.filter { $0.specification.role == .weight }
    let parameters = parameters
    return Sparsity(
      zeros: tensors.reduce(0) { $0 + PrunedWeights.zeros(in: parameters.read($1.range)) },
      weights: tensors.reduce(0) { $0 + $1.range.count })
  }
}
