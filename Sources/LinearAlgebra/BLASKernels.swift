/// The kernels that a BLAS uses, and the reason.
public struct BLASKernels: Equatable, Codable, Sendable {
  /// Who chose the kernels.
  public enum Origin: String, Codable, Sendable {
    /// OpenBLAS, from the processor that it detected.
    case openBLAS = "openblas"
    /// This module, because OpenBLAS picked kernels that are slower than necessary on this processor, or that cannot
    /// run on it.
    case jacquard
    /// The environment variable `OPENBLAS_CORETYPE`.
    case environment
    /// The library has kernels for one processor family only, or does not say which.
    case build
  }

  /// The processor family of the kernels, such as `Cooperlake`; empty if the library does not say.
  public let core: String
  /// The kernels that OpenBLAS picked when it was loaded; empty if the library does not say.
  public let picked: String
  /// Who chose them.
  public let origin: Origin
  /// The value of `OPENBLAS_CORETYPE`; nil if it is not set.
  public let requested: String?
  /// Their vector width, such as `AVX2`; nil if unknown.
  public let vectors: String?
  /// The processor's vector width, such as `AVX-512`; nil if unknown.
  public let possibleVectors: String?
  /// The family whose kernels would be faster here; nil if none would or if unknown.
  public let better: String?
  /// How far they are behind the faster ones, in steps of SSE, AVX, AVX2 and AVX-512, each about twice as fast as the
  /// previous one.
  public let stepsBehind: Int
  /// Whether the processor has the instructions of these kernels, as far as known.
  public let canRun: Bool
  /// Whether OpenBLAS's choice can run here.
  public let pickCanRun: Bool
  /// Whether the library has kernels for several families.
  public let hasSeveral: Bool
  /// Whether it can choose again after loading.
  public let canChoose: Bool

  /// Why these kernels are used, such as `picked by OpenBLAS`; empty if the library does not say which it has.
  public var reason: String {
    switch origin {
    case .openBLAS: "picked by OpenBLAS"
    case .jacquard where pickCanRun: "chosen for \(vectors ?? "this processor"); OpenBLAS picked \(picked)"
    case .jacquard: "chosen because \(picked) cannot run here"
    case .environment: "set by OPENBLAS_CORETYPE"
    case .build: core.isEmpty ? "" : "the only kernels of this library"
    }
  }
}

extension BLASKernels {
  /// The change to make to a library's kernels.
  package struct Plan: Sendable {
    /// The kernels to request from OpenBLAS, in order; empty to keep its choice.
    package let candidates: [String]
    private let picked: String
    private let requested: String?
    private let processor: Processor?
    private let hasSeveral: Bool
    private let canChoose: Bool

    /// Decides from the kernels that OpenBLAS picked.
    ///
    /// - Parameters:
    ///   - picked: The family; empty if the library does not say.
    ///   - requested: The value of `OPENBLAS_CORETYPE`. If it is set, its choice is kept, however slow, unless the
    ///     processor cannot run it.
    ///   - processor: The processor; nil if it does not describe itself.
    ///   - hasSeveral: Whether the library has kernels for several families.
    ///   - canChoose: Whether it can choose again.
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

    /// Whether kernels are better than the first choice. A library that lacks the requested kernels may choose others.
    package func accepts(_ core: String) -> Bool {
      guard let core = OpenBLASCore(named: core), canRun(core.name) else { return false }
      guard let picked = OpenBLASCore(named: picked), canRun(picked.name) else { return true }
      return core.vectors > picked.vectors
    }

    /// Whether the processor can execute kernels, as far as known.
    private func canRun(_ core: String) -> Bool {
      processor.flatMap { OpenBLASCore(named: core)?.runs(on: $0) } ?? true
    }

    /// The kernels that are finally used.
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
