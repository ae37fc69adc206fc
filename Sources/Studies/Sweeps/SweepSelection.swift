/// Which runs of a sweep with rungs continue, and which are dropped: the same for every process, at any time.
package struct SweepSelection {
  /// The indices of the runs dropped so far.
  package private(set) var dropped: Set<Int> = []
  private var candidates: [Int]

  /// All runs of a plan, before the first rung.
  package init(_ plan: SweepPlan) { candidates = Array(plan.runs.indices) }

  /// The remaining runs, in order.
  package var places: [Int] { candidates }

  /// Drops the worst runs after a rung, and those that did not reach it; of equal ones the first stay.
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

  /// The selection so far: rungs that some candidates have neither reached nor failed before are still undecided.
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
