import LinearAlgebra

/// A processor other than this machine's, as CPUID would describe it.
struct FakeProcessor: Sendable {
  var vendor = "GenuineIntel"
  var family = 6
  var model = 1
  /// The features of the hardware, regardless of the registers that the operating system saves.
  var features: Set<Feature> = []
  /// The registers that the operating system saves; nil if it saves none beyond those of SSE and so hides OSXSAVE.
  var savedRegisters: UInt64? = 0xE7
  /// The highest basic leaf; old processors have few.
  var highestLeaf: UInt32 = 0x1F

  /// A bit of CPUID.
  enum Feature: CaseIterable {
    case sse3, ssse3, fma, sse41, sse42, avx, avx2
    case avx512f, avx512dq, avx512cd, avx512bw, avx512vl, avx512BFloat16
    case fma4, threeDNow

    /// Leaf, part, register and bit, as in Intel's and AMD's manuals.
    var place: (leaf: UInt32, part: UInt32, register: WritableKeyPath<CPUIDAnswer, UInt32>, bit: UInt32) {
      switch self {
      case .sse3: (1, 0, \.ecx, 0)
      case .ssse3: (1, 0, \.ecx, 9)
      case .fma: (1, 0, \.ecx, 12)
      case .sse41: (1, 0, \.ecx, 19)
      case .sse42: (1, 0, \.ecx, 20)
      case .avx: (1, 0, \.ecx, 28)
      case .avx2: (7, 0, \.ebx, 5)
      case .avx512f: (7, 0, \.ebx, 16)
      case .avx512dq: (7, 0, \.ebx, 17)
      case .avx512cd: (7, 0, \.ebx, 28)
      case .avx512bw: (7, 0, \.ebx, 30)
      case .avx512vl: (7, 0, \.ebx, 31)
      case .avx512BFloat16: (7, 1, \.eax, 5)
      case .fma4: (0x8000_0001, 0, \.ecx, 16)
      case .threeDNow: (0x8000_0001, 0, \.edx, 31)
      }
    }
  }

  /// The processor as `Processor` interprets it.
  var processor: Processor {
    Processor(leaf: answer, savedRegisters: { savedRegisters ?? 0 })
  }

  private func answer(leaf: UInt32, part: UInt32) -> CPUIDAnswer {
    // For a leaf above the highest, Intel's processors return the data of the highest leaf.
    if leaf > highestLeaf && leaf < 0x8000_0000 { return CPUIDAnswer(eax: ~0, ebx: ~0, ecx: ~0, edx: ~0) }
    var answer = CPUIDAnswer()
    switch leaf {
    case 0:
      answer.eax = highestLeaf
      let letters = Array(vendor.utf8)
      func word(_ start: Int) -> UInt32 { letters[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
      (answer.ebx, answer.edx, answer.ecx) = (word(0), word(4), word(8))
    case 1:
      let (base, more) = family > 0xF ? (0xF, family - 0xF) : (family, 0)
      answer.eax = UInt32(more << 20 | (model >> 4) << 16 | base << 8 | (model & 0xF) << 4)
      if savedRegisters != nil { answer.ecx |= 1 << 27 }
    case 0x8000_0000: answer.eax = 0x8000_0008
    default: break
    }
    for feature in features where feature.place.leaf == leaf && feature.place.part == part {
      answer[keyPath: feature.place.register] |= 1 << feature.place.bit
    }
    return answer
  }
}

extension Set<FakeProcessor.Feature> {
  static let core2: Self = [.sse3, .ssse3]
  static let penryn: Self = core2.union([.sse41])
  static let nehalem: Self = penryn.union([.sse42])
  static let sandyBridge: Self = nehalem.union([.avx])
  static let haswell: Self = sandyBridge.union([.fma, .avx2])
  static let skylakeX: Self = haswell.union([.avx512f, .avx512dq, .avx512cd, .avx512bw, .avx512vl])
  static let cooperLake: Self = skylakeX.union([.avx512BFloat16])
}
