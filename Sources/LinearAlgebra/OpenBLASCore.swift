/// An x86 processor family for which OpenBLAS has kernels.
package struct OpenBLASCore: Equatable, Sendable {
  /// OpenBLAS's name for it, as in `OPENBLAS_CORETYPE`.
  package let name: String
  /// The vectors that its single-precision products use.
  package let vectors: VectorWidth
  /// The instructions that its kernels execute; the process ends on a processor that lacks any of them.
  package let needs: Processor.Instructions
  /// The AMD families for which they were written although those have wider vectors, because their units process 128
  /// bits at a time.
  private let families: Set<Int>

  private init(
    _ name: String, _ vectors: VectorWidth, _ needs: Processor.Instructions, madeFor families: Set<Int> = []
  ) {
    self.name = name
    self.vectors = vectors
    self.needs = needs
    self.families = families
  }

  /// All families of OpenBLAS 0.3. Which of them a library has is known only when it runs them.
  ///
  /// The requirements of the older ones were tested on emulated processors that lack various instructions. The kernels
  /// for Opterons execute `femms`, of 3DNow, which AMD's later processors lack, and so do emulators of an Opteron.
  package static let known: [OpenBLASCore] = [
    .init("SapphireRapids", .avx512, [.avx2, .fma, .avx512, .avx512BFloat16]),
    .init("Cooperlake", .avx512, [.avx2, .fma, .avx512, .avx512BFloat16]),
    .init("SkylakeX", .avx512, [.avx2, .fma, .avx512]),
    .init("Zen", .avx2, [.avx2, .fma]),
    .init("Haswell", .avx2, [.avx2, .fma]),
    .init("Excavator", .avx, [.avx, .fma, .fma4], madeFor: [0x15]),
    .init("Steamroller", .avx, [.avx, .fma, .fma4], madeFor: [0x15]),
    .init("Piledriver", .avx, [.avx, .fma, .fma4], madeFor: [0x15]),
    .init("Bulldozer", .avx, [.avx, .fma4], madeFor: [0x15]),
    .init("Sandybridge", .avx, [.avx]),
    .init("Nehalem", .sse, [.sse3, .ssse3, .sse41]),
    .init("Dunnington", .sse, [.sse3, .ssse3, .sse41]),
    .init("Penryn", .sse, [.sse3, .ssse3, .sse41]),
    .init("Core2", .sse, [.sse3]),
    .init("Atom", .sse, [.sse3]),
    .init("Nano", .sse, [.sse3]),
    .init("Bobcat", .sse, [.sse3], madeFor: [0x14, 0x16]),
    .init("Barcelona", .sse, [.sse3]),
    .init("Opteron_SSE3", .sse, [.sse3, .threeDNow]),
    .init("Opteron", .sse, [.threeDNow]),
    .init("Prescott", .sse, [.sse3]),
  ]

  /// The family with a name, ignoring case; nil for an unknown name, such as that of another architecture.
  package init?(named name: String) {
    guard let core = Self.known.first(where: { $0.name.lowercased() == name.lowercased() }) else { return nil }
    self = core
  }

  /// Whether a processor can execute these kernels.
  package func runs(on processor: Processor) -> Bool { processor.instructions.isSuperset(of: needs) }

  /// The families worth choosing, fastest first.
  ///
  /// Measured with the products of convolutional networks on Zen 4, Zen 5 and Emerald Rapids. SkylakeX comes before
  /// Cooperlake because their single-precision kernels are the same and older versions know only the first name.
  /// Haswell comes before Zen because their kernels are the same and Haswell packs matrices faster.
  private static let preferred = ["SkylakeX", "Haswell", "Sandybridge", "Nehalem", "Prescott"]

  /// The families worth choosing that a processor can execute, fastest first.
  package static func choices(on processor: Processor) -> [OpenBLASCore] {
    preferred.compactMap(OpenBLASCore.init(named:)).filter { $0.runs(on: processor) }
  }

  /// What to choose instead of these kernels, best first; empty if they are right.
  ///
  /// They are right unless the processor cannot execute them or has wider vectors. Among kernels of the same width,
  /// OpenBLAS chooses.
  package func betterChoices(on processor: Processor) -> [OpenBLASCore] {
    let choices = Self.choices(on: processor)
    guard runs(on: processor) else { return choices }
    if processor.vendor == "AuthenticAMD", families.contains(processor.family) { return [] }
    return choices.filter { $0.vectors > vectors }
  }
}
