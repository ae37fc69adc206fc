internal import Support

/// Weights that a training keeps besides those it trains, for `Lookahead` and `WeightAverage`: further moments, each as long as the parameters.
///
/// `UpdatePlan` updates them chunk by chunk, after the optimizer and while the chunk is in the cache. Each element depends on itself alone.
struct KeptWeights: Sendable {
  private static let slowName = "slow_weights"
  private static let averageName = "averaged_weights"

  /// The names of the arrays, which follow the optimizer's moments.
  let names: [String]
  private let lookahead: Lookahead?
  /// The first float of each array among all moments; nil for an array that the recipe does not need.
  private let slow: Int?
  private let average: Int?

  /// - Parameter count: The number of parameters.
  init(_ recipe: TrainingRecipe, count: Int) {
    recipe.average?.check()
    let taken = recipe.optimizer.momentNames
    let names = Self.names(average: recipe.average, lookahead: recipe.lookahead)
    for name in names { require(!taken.contains(name), "Optimizer: the name \(name) of a moment is reserved") }
    self.names = names
    lookahead = recipe.lookahead
    slow = names.firstIndex(of: Self.slowName).map { (taken.count + $0) * count }
    average = names.firstIndex(of: Self.averageName).map { (taken.count + $0) * count }
  }

  /// The names of the arrays that these settings need.
  static func names(average: WeightAverage?, lookahead: Lookahead?) -> [String] {
    (lookahead == nil ? [] : [slowName]) + (average == nil ? [] : [averageName])
  }

  /// Call this before the first step: slow weights begin as the first weights.
  func begin(parameters: Storage<Float>, moments: Storage<Float>) {
    guard let slow else { return }
    var target = moments.write(slow..<slow + parameters.count)
    Kernels.copy(parameters.all, to: &target)
  }

  /// Updates the elements of `range` after step `step`, from 1.
  ///
  /// - Parameter averageShare: The share of the new weights in the average; nil if they do not belong to it.
  func update(
    _ range: Range<Int>, step: Int, averageShare: Float?, parameters: Storage<Float>, moments: Storage<Float>
  ) {
    if let slow, let lookahead, step.isMultiple(of: lookahead.steps) {
      let place = slow + range.lowerBound..<slow + range.upperBound
      var target = moments.write(place)
      Self.move(&target, towards: parameters.read(range), by: Float(lookahead.share))
      var fast = parameters.write(range)
      Kernels.copy(moments.read(place), to: &fast)
    }
    if let average, let averageShare {
      var target = moments.write(average + range.lowerBound..<average + range.upperBound)
      Self.move(&target, towards: parameters.read(range), by: averageShare)
    }
  }

  /// Keeps what was pruned before an update of the elements of `range` at zero.
  func keepPruned(_ before: Span<Float>, _ range: Range<Int>, in moments: Storage<Float>) {
    if let slow {
      var values = moments.write(slow + range.lowerBound..<slow + range.upperBound)
      PrunedWeights.keep(before, in: &values)
    }
    if let average {
      var values = moments.write(average + range.lowerBound..<average + range.upperBound)
      PrunedWeights.keep(before, in: &values)
    }
  }

  /// Sets an element that is pruned to zero.
  func clear(_ index: Int, in moments: Storage<Float>) {
    if let slow { moments[slow + index] = PrunedWeights.value }
    if let average { moments[average + index] = PrunedWeights.value }
  }

  /// The averaged weights; an empty span if the recipe averages nothing.
  @_lifetime(borrow moments)
  func averaged(_ moments: Storage<Float>, count: Int) -> Span<Float> {
    moments.read(average.map { $0..<$0 + count } ?? 0..<0)
  }

  /// values ← values + share · (goal − values); exactly the goal for a share of 1.
  private static func move(_ values: inout MutableSpan<Float>, towards goal: Span<Float>, by share: Float) {
    let count = values.count
    // With equal counts known, elements need no bounds checks and the loop vectorizes.
    require(goal.count == count, "KeptWeights: spans differ in length")
    guard share < 1 else { return Kernels.copy(goal, to: &values) }
    for index in 0..<count { values[index] += share * (goal[index] - values[index]) }
  }
}
