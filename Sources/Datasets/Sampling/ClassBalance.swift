internal import Randomness
internal import Samples
internal import Support

/// The epochs of balanced sampling: as long as one over all samples, with each class equally often.
///
/// The numbers of draws of two classes differ by at most one, and so do those of two samples of a class. Which samples of a class are drawn once more than
/// others is random, and a pure function of the seed and the epoch. Classes without samples take no part.
///
/// Repeats of a sample within an epoch may be changed at random in different ways. So each use after the first has its own number, after those of all samples.
struct ClassBalance: Hashable, Sendable {
  /// A sample, and how often the epoch has used it before.
  struct Use: Equatable {
    let sample: Int
    let earlier: Int

    /// Where the random changes of this use come from: `epoch` for the first. The parity alternates from use to use, so that changes that alternate do so.
    func virtualEpoch(_ epoch: Int) -> Int { epoch &+ earlier &* (1 << 32 | 1) }
  }

  /// The samples, class after class.
  private let members: [Int32]
  /// The first member of each class that has any, and their number.
  private let starts: [Int]
  /// The first number of each class's repeats, and the number after all.
  private let repeatStarts: [Int]
  private let stream: RandomStream

  /// - Parameter labels: The class of each sample.
  init(labels: [Int32], classes: Int, seed: UInt64) {
    var byClass = [[Int32]](repeating: [], count: classes)
    for (sample, label) in labels.enumerated() { byClass[Int(label)].append(Int32(sample)) }
    let present = byClass.filter { !$0.isEmpty }
    let count = labels.count
    members = present.flatMap(\.self)
    starts = present.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let mostDraws = present.isEmpty ? 0 : (count + present.count - 1) / present.count
    repeatStarts = present.reduce(into: [count]) { starts, members in
      let uses = (mostDraws + members.count - 1) / members.count
      starts.append(starts[starts.count - 1] + members.count * max(0, uses - 1))
    }
    require(
      repeatStarts[repeatStarts.count - 1] <= Int(Int32.max),
      "ClassBalance: \(count) samples are too many to number their repeats")
    stream = RandomStream(seed: seed, name: "balance")
  }

  /// The samples.
  var count: Int { members.count }

  /// One more than the largest number that an epoch contains.
  var numberCount: Int { repeatStarts[repeatStarts.count - 1] }

  private var classes: Int { starts.count - 1 }

  /// How often a class is drawn in an epoch. Those with one draw more than others change from epoch to epoch.
  private func draws(ofClass place: Int, epoch: Int) -> Int {
    let (least, rest) = count.quotientAndRemainder(dividingBy: classes)
    let turned = (place - epoch % classes * rest) % classes
    return least + ((turned + classes) % classes < rest ? 1 : 0)
  }

  /// Writes the samples of an epoch, class after class. Allocates nothing.
  ///
  /// - Parameters:
  ///   - numbersRepeats: Whether later uses of a sample have their own numbers.
  ///   - numbers: As many as there are samples.
  func write(epoch: Int, numbersRepeats: Bool, into numbers: inout MutableSpan<Int32>) {
    var place = 0
    for index in 0..<classes {
      let size = starts[index + 1] - starts[index]
      let (uses, rest) = draws(ofClass: index, epoch: epoch).quotientAndRemainder(dividingBy: size)
      var generator = stream.generator(epoch: epoch, index: index)
      var left = rest
      for member in 0..<size {
        // Each choice of `rest` members is equally probable (Knuth's algorithm S).
        let isDrawnOnceMore = left > 0 && generator.integer(below: size - member) < left
        if isDrawnOnceMore { left -= 1 }
        for use in 0..<uses + (isDrawnOnceMore ? 1 : 0) {
          numbers[place] =
            use == 0 || !numbersRepeats
            ? members[starts[index] + member] : Int32(repeatStarts[index] + (use - 1) * size + member)
          place += 1
        }
      }
    }
  }

  /// The sample and use with a number.
  func use(_ number: Int) -> Use {
    guard number >= count else { return Use(sample: number, earlier: 0) }
    var (low, high) = (0, classes - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if repeatStarts[middle] <= number { low = middle } else { high = middle - 1 }
    }
    let size = starts[low + 1] - starts[low]
    let (earlier, member) = (number - repeatStarts[low]).quotientAndRemainder(dividingBy: size)
    return Use(sample: Int(members[starts[low] + member]), earlier: earlier + 1)
  }

  /// A sample for a uniformly random number below the count, such that all classes are equally probable.
  func sample(at place: Int, epoch: Int) -> Int {
    let (index, rest) = (place * classes).quotientAndRemainder(dividingBy: count)
    let size = starts[index + 1] - starts[index]
    // A class with more samples than its share of the places reaches others in other epochs.
    return Int(members[starts[index] + (rest * size / count + epoch % size) % size])
  }
}
