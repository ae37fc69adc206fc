/// Which runs of a sweep with rungs go on, and which are dropped: the same for every process, whenever it looks.
package struct SweepSelection {
  /// The runs that have been dropped so far, by their places.
  package private(set) var dropped: Set<Int> = []
  private var candidates: [Int]

  /// All runs of a plan, before the first rung.
  package init(_ plan: SweepPlan) { candidates = Array(plan.runs.indices) }

  /// The runs that are still in, in their order.
  package var places: [Int] { candidates }

  /// Drops the runs that do worst after a rung, and those that never came so far; of equal ones the first stay.
  mutating func advance(_ plan: SweepPlan, after rung: Int, metric: SweepMetric, halving: Halving) {
    let scored = candidates.compactMap { place in
      let state = SweepRunState(plan.path(plan.runs[place]))
      return state.hasReached(rung) ? state.score(after: rung).map { (place: place, score: $0) } : nil
    }
    // Sorting is stable.
    let sorted = scored.sorted { metric.prefers($0.score, to: $1.score) }
    let kept = Set(sorted.prefix(halving.survivors(of: candidates.count)).map(\.place))
    dropped.formUnion(candidates.filter { !kept.contains($0) })
    candidates = candidates.filter(kept.contains)
  }

  /// What is known by now: rungs that not all candidates have reached, or failed before, decide nothing yet.
  package init(_ plan: SweepPlan, metric: SweepMetric, failures: Set<Int>) {
    self.init(plan)
    guard let halving = plan.halving else { return }
    for rung in halving.rungs {
      let isDecided = candidates.allSatisfy { place in
        failures.contains(place) || SweepRunState(plan.path(plan.runs[place])).isPast(rung)
      }
      guard isDecided else { return }
      advance(plan, after: rung, metric: metric, halving: halving)
    }
  }
}
