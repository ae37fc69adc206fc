/// Which kernels a BLAS computes with, and why these.
public struct BLASKernels: Equatable, Codable, Sendable {
  /// Who decided.
  public enum Origin: String, Codable, Sendable {
    /// OpenBLAS, by the processor that it saw.
    case openBLAS = "openblas"
    /// This module, because OpenBLAS had picked slower ones than this processor can run, or ones that it cannot run.
    case jacquard
    /// The environment variable `OPENBLAS_CORETYPE`.
    case environment
    /// The library has kernels for one processor family only, or does not say which it has.
    case build
  }

  /// The processor family that the kernels are for, such as `Cooperlake`; empty where the library does not say.
  public let core: String
  /// What OpenBLAS had picked when it was loaded; empty where the library does not say.
  public let picked: String
  /// Who decided.
  public let origin: Origin
  /// What `OPENBLAS_CORETYPE` says; nil where it is not set.
  public let requested: String?
  /// The vectors that they compute with, such as `AVX2`; nil where that is not known.
  public let vectors: String?
  /// The vectors that this processor has, such as `AVX-512`; nil where that is not known.
  public let possibleVectors: String?
  /// The family whose kernels would be faster here; nil where there is none, or where that is not known.
  public let better: String?
  /// How far they are behind the better ones, in steps of SSE, AVX, AVX2 and AVX-512, each about twice as fast as the one before.
  public let stepsBehind: Int
  /// Whether the processor has the instructions of these kernels, as far as is known.
  public let canRun: Bool
  /// Whether OpenBLAS's pick could run here.
  public let pickCanRun: Bool
  /// Whether the library has kernels for several families.
  public let hasSeveral: Bool
  /// Whether it can choose again after it was loaded.
  public let canChoose: Bool

  /// Why it is these, such as `picked by OpenBLAS`; empty where the library does not say which it has.
  public var reason: String {
    switch origin {
    case .openBLAS: "picked by OpenBLAS"
    case .jacquard where pickCanRun: "chosen for \(vectors ?? "this processor"); OpenBLAS picked \(picked)"
    case .jacquard: "chosen because \(picked) cannot run here"
    case .environment: "set by OPENBLAS_CORETYPE"
    case .build: core.isEmpty ? "" : "the only ones of this library"
    }
  }
}

extension BLASKernels {
  /// What is to be done about a library's kernels.
  package struct Plan: Sendable {
    /// What OpenBLAS should be asked to choose, one after the other; empty where its pick is to stand.
    package let candidates: [String]
    private let picked: String
    private let requested: String?
    private let processor: Processor?
    private let hasSeveral: Bool
    private let canChoose: Bool

    /// Looks at what OpenBLAS has picked.
    ///
    /// - Parameters:
    ///   - picked: The family; empty where the library does not say.
    ///   - requested: What `OPENBLAS_CORETYPE` says. Then the pick stands, however slow, unless the processor cannot run it.
    ///   - processor: The processor; nil where it does not describe itself.
    ///   - hasSeveral: Whether the library has kernels for several families.
    ///   - canChoose: Whether it can be asked to choose again.
    package init(picked: String, requested: String?, processor: Processor?, hasSeveral: Bool, canChoose: Bool) {
      self.picked = picked
      self.requested = requested
      self.processor = processor
      self.hasSeveral = hasSeveral
      self.canChoose = canChoose
      guard canChoose, let processor, let core = OpenBLASCore(named: picked) else {
        candidates = []
        return
      }
      let isWanted = requested != nil && core.runs(on: processor)
      candidates = isWanted ? [] : core.betterChoices(on: processor).map(\.name)
    }

    /// Whether kernels are better than the pick: a library may choose others than it was asked for, if it lacks those.
    package func accepts(_ core: String) -> Bool {
      guard let core = OpenBLASCore(named: core), canRun(core.name) else { return false }
      guard let picked = OpenBLASCore(named: picked), canRun(picked.name) else { return true }
      return core.vectors > picked.vectors
    }

    /// Whether the processor can execute kernels, as far as is known.
    private func canRun(_ core: String) -> Bool {
      processor.flatMap { OpenBLASCore(named: core)?.runs(on: $0) } ?? true
    }

    /// The kernels that run in the end.
    package func result(running core: String) -> BLASKernels {
      let known = OpenBLASCore(named: core)
      let better = processor.flatMap { known?.betterChoices(on: $0).first }
      let origin: Origin =
        if core != picked {
          .jacquard
        } else if !hasSeveral {
          .build
        } else if let requested, requested.lowercased() == core.lowercased() {
          .environment
        } else {
          .openBLAS
        }
      return BLASKernels(
        core: core, picked: picked, origin: origin, requested: requested, vectors: known?.vectors.name,
        possibleVectors: processor?.vectors.name, better: better?.name,
        stepsBehind: known.flatMap { known in better.map { $0.vectors.rawValue - known.vectors.rawValue } } ?? 0,
        canRun: canRun(core), pickCanRun: canRun(picked), hasSeveral: hasSeveral, canChoose: canChoose)
    }
  }
}
