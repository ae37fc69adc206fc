/// A processor family that OpenBLAS has kernels for, on x86.
package struct OpenBLASCore: Equatable, Sendable {
  /// OpenBLAS's name for it, as in `OPENBLAS_CORETYPE`.
  package let name: String
  /// The vectors that its products of single precision compute with.
  package let vectors: VectorWidth
  /// What its kernels execute: a processor that lacks any of it ends the process.
  package let needs: Processor.Instructions
  /// AMD's processor families that they were written for although those have wider vectors: their units take 128 bits at a time.
  private let families: Set<Int>

  private init(
    _ name: String, _ vectors: VectorWidth, _ needs: Processor.Instructions, madeFor families: Set<Int> = []
  ) {
    self.name = name
    self.vectors = vectors
    self.needs = needs
    self.families = families
  }

  /// All that OpenBLAS 0.3 knows. Which of them a library has is known only once it runs them.
  ///
  /// The needs of the older ones were tried out under emulated processors that lack one thing or another. Those for Opterons execute
  /// `femms`, of 3DNow, which later processors of the same maker lack, and so do emulators that call themselves an Opteron.
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

  /// The family of a name, however it is spelled; nil for one that is not known, such as those of other architectures.
  package init?(named name: String) {
    guard let core = Self.known.first(where: { $0.name.lowercased() == name.lowercased() }) else { return nil }
    self = core
  }

  /// Whether a processor can execute these kernels.
  package func runs(on processor: Processor) -> Bool { processor.instructions.isSuperset(of: needs) }

  /// The families that are worth choosing, the fastest first.
  ///
  /// Measured with the products that convolutional networks need, on Zen 4, Zen 5 and Emerald Rapids. SkylakeX before Cooperlake: their
  /// kernels of single precision are the same, and older versions know only the first name. Haswell before Zen: their kernels are the same
  /// too, and Haswell packs matrices faster.
  private static let preferred = ["SkylakeX", "Haswell", "Sandybridge", "Nehalem", "Prescott"]

  /// The families worth choosing that a processor can execute, the fastest first.
  package static func choices(on processor: Processor) -> [OpenBLASCore] {
    preferred.compactMap(OpenBLASCore.init(named:)).filter { $0.runs(on: processor) }
  }

  /// What to choose instead of these kernels, the best first; empty where they are the right ones.
  ///
  /// They are unless the processor cannot execute them, or has wider vectors. Between kernels of one width, OpenBLAS knows better.
  package func betterChoices(on processor: Processor) -> [OpenBLASCore] {
    let choices = Self.choices(on: processor)
    guard runs(on: processor) else { return choices }
    if processor.vendor == "AuthenticAMD", families.contains(processor.family) { return [] }
    return choices.filter { $0.vectors > vectors }
  }
}
