internal import BLAS
internal import Support
internal import Terminal

/// Something about the BLAS that costs speed, and what to do about it.
struct BLASFinding: Equatable, Sendable {
  /// What is the matter, and what to do, without a period.
  let message: String
  /// Whether so much is lost that a training says it too, and not only `doctor`.
  let isSerious: Bool

  /// What there is to say.
  ///
  /// - Parameters:
  ///   - workers: How many threads will compute at once.
  ///   - speed: How fast products are; asked for only where it is of use.
  static func all(of library: BLASLibrary, workers: Int, speed: () -> ProductSpeed) -> [BLASFinding] {
    var found: [BLASFinding] = []
    let kernels = library.kernels
    if kernels.origin == .jacquard, let requested = kernels.requested {
      found.append(
        BLASFinding(
          message: "this processor cannot run the \(requested) kernels of OPENBLAS_CORETYPE, so \(kernels.core) runs; "
            + "unset OPENBLAS_CORETYPE",
          isSerious: true))
    }
    if kernels.stepsBehind > 0 {
      found.append(slowKernels(kernels, speed()))
    } else if library.configuration.isEmpty {
      let speed = speed()
      if speed.share < 0.5 {
        found.append(
          BLASFinding(message: "\(library) is slow here: \(text(of: speed)); \(installation)", isSerious: true))
      }
    }
    if library.threading == .sequential, workers > 1 {
      found.append(
        BLASFinding(
          message: "this build of OpenBLAS has no locks, so threads wait for each other's products; \(installation)",
          isSerious: true))
    }
    if let threads = library.threads, threads > 1 {
      found.append(
        BLASFinding(
          message: "the BLAS uses \(threads) threads beside the workers; set OPENBLAS_NUM_THREADS=1", isSerious: true))
    }
    return found
  }

  /// Warns of what is serious, a line for each.
  static func warn(on console: Console, workers: Int) {
    for finding in all(of: BLASLibrary(), workers: workers, speed: ProductSpeed.measured) where finding.isSerious {
      console.warn(text: finding.message)
    }
  }

  /// A speed beside what the processor could do.
  static func text(of speed: ProductSpeed) -> String {
    "\(number(speed.product)) of the \(number(speed.vectorUnit)) GFLOP/s that a core can do"
  }

  /// Kernels for narrower vectors than the processor has. Half the width is half the speed at most, and on many processors no loss, so
  /// only what is left of AVX2's speed with older kernels is serious.
  private static func slowKernels(_ kernels: BLASKernels, _ speed: ProductSpeed) -> BLASFinding {
    let remedy =
      if kernels.requested != nil {
        "unset OPENBLAS_CORETYPE"
      } else if !kernels.hasSeveral {
        installation
      } else if kernels.canChoose {
        "install a newer OpenBLAS"
      } else {
        "set OPENBLAS_CORETYPE=\(kernels.better ?? "")"
      }
    let (vectors, possible) = (kernels.vectors ?? "unknown", kernels.possibleVectors ?? "unknown")
    return BLASFinding(
      message: "OpenBLAS's \(kernels.core) kernels use \(vectors) where this processor has \(possible): "
        + "\(text(of: speed)); \(remedy)",
      isSerious: ["SSE", "AVX"].contains(vectors) && ["AVX2", "AVX-512"].contains(possible))
  }

  private static let installation =
    "install another build, such as Debian's libopenblas0-pthread"
    + (VectorInstructions.current == .plain ? "" : ", or use --gemm portable")

  private static func number(_ value: Double) -> String { NumberText.fixed(value, decimals: value < 10 ? 1 : 0) }
}
