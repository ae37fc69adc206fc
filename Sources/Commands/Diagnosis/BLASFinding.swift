internal import LinearAlgebra
internal import Support
internal import Terminal

/// A property of the BLAS that costs speed, and the remedy.
struct BLASFinding: Equatable, Sendable {
  /// The problem and the remedy, without a period.
  let message: String
  /// Whether the loss is large enough that `train` warns too, not only `doctor`.
  let isSerious: Bool

  /// All findings about a BLAS.
  ///
  /// - Parameters:
  ///   - workers: How many threads will compute at once.
  ///   - speed: The speed of products; measured only if needed.
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
          message: "the BLAS uses \(threads) threads in addition to the workers; set OPENBLAS_NUM_THREADS=1",
          isSerious: true))
    }
    return found
  }

  /// Warns of serious findings, one line each.
  static func warn(on console: Console, workers: Int) {
    for finding in all(of: BLASLibrary(), workers: workers, speed: ProductSpeed.measured) where finding.isSerious {
      console.warn(text: finding.message)
    }
  }

  /// A speed, next to what the processor can do.
  static func text(of speed: ProductSpeed) -> String {
    "\(number(speed.product)) of the \(number(speed.vectorUnit)) GFLOP/s that a core can do"
  }

  /// Kernels for narrower vectors than the processor has. Half the width costs at most half the speed, and on many processors nothing,
  /// so only kernels older than AVX2 are serious.
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
      message: "OpenBLAS's \(kernels.core) kernels use \(vectors), but this processor has \(possible): "
        + "\(text(of: speed)); \(remedy)",
      isSerious: ["SSE", "AVX"].contains(vectors) && ["AVX2", "AVX-512"].contains(possible))
  }

  private static let installation =
    "install another build, such as Debian's libopenblas0-pthread"
    + (VectorInstructions.current == .plain ? "" : ", or use --gemm portable")

  private static func number(_ value: Double) -> String { NumberText.fixed(value, decimals: value < 10 ? 1 : 0) }
}
