internal import LinearAlgebraProbe

/// The processor as this process sees it: what CPUID reports, limited to what the operating system supports.
///
/// Under valgrind, an emulator or a hypervisor this is what they support, not what the hardware has.
package struct Processor: Equatable, Sendable {
  /// Instructions beyond those that every 64-bit processor of this kind has.
  package struct Instructions: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let sse3 = Self(rawValue: 1 << 0)
    package static let ssse3 = Self(rawValue: 1 << 1)
    package static let sse41 = Self(rawValue: 1 << 2)
    package static let sse42 = Self(rawValue: 1 << 3)
    package static let threeDNow = Self(rawValue: 1 << 4)
    package static let avx = Self(rawValue: 1 << 5)
    package static let fma4 = Self(rawValue: 1 << 6)
    package static let fma = Self(rawValue: 1 << 7)
    package static let avx2 = Self(rawValue: 1 << 8)
    /// The five parts of AVX-512 that server processors have had since Skylake: F, CD, BW, DQ and VL.
    package static let avx512 = Self(rawValue: 1 << 9)
    package static let avx512BFloat16 = Self(rawValue: 1 << 10)
  }

  /// The manufacturer in CPUID's spelling, such as `GenuineIntel`.
  package let vendor: String
  /// The family, including the extended family.
  package let family: Int
  /// The model within the family, including the extended model.
  package let model: Int
  /// The instructions that it can execute.
  package let instructions: Instructions

  /// This process's processor; nil without CPUID, as on ARM.
  package static let current: Processor? =
    probe_has_cpuid()
    ? Processor(
      leaf: {
        let answer = probe_cpuid($0, $1)
        return CPUIDAnswer(eax: answer.eax, ebx: answer.ebx, ecx: answer.ecx, edx: answer.edx)
      }, savedRegisters: probe_saved_registers)
    : nil

  /// Interprets a processor's answers; see the "CPUID" instruction in Intel's and AMD's manuals.
  ///
  /// - Parameters:
  ///   - leaf: The answer to a leaf and subleaf. It is called only up to the highest leaf, as reported by leaf 0 or
  ///     0x8000_0000.
  ///   - savedRegisters: The registers that the operating system saves, XCR0. It is called only if XCR0 exists.
  package init(leaf: (UInt32, UInt32) -> CPUIDAnswer, savedRegisters: () -> UInt64) {
    let first = leaf(0, 0)
    func answer(_ number: UInt32, _ part: UInt32 = 0) -> CPUIDAnswer {
      let start = number & 0x8000_0000
      let highest = start == 0 ? first.eax : leaf(start, 0).eax
      return highest >= number ? leaf(number, part) : CPUIDAnswer()
    }
    vendor = String(decoding: [first.ebx, first.edx, first.ecx].flatMap(Self.bytes), as: UTF8.self)

    let signature = answer(1)
    let baseFamily = Int(signature.eax >> 8 & 0xF)
    family = baseFamily == 0xF ? baseFamily + Int(signature.eax >> 20 & 0xFF) : baseFamily
    let hasExtendedModel = baseFamily == 0xF || baseFamily == 6 || baseFamily == 7
    model = Int(signature.eax >> 4 & 0xF) + (hasExtendedModel ? Int(signature.eax >> 16 & 0xF) << 4 : 0)

    let features = answer(7)
    let extended = answer(0x8000_0001)
    let saved = signature.ecx.hasBit(27) ? savedRegisters() : 0
    let savesAVX = saved & 0x6 == 0x6
    let savesAVX512 = saved & 0xE6 == 0xE6
    let avx512 = [16, 28, 30, 17, 31].allSatisfy(features.ebx.hasBit)
    let found: [(Instructions, Bool)] = [
      (.sse3, signature.ecx.hasBit(0)), (.ssse3, signature.ecx.hasBit(9)), (.sse41, signature.ecx.hasBit(19)),
      (.sse42, signature.ecx.hasBit(20)),
      (.threeDNow, extended.edx.hasBit(31)),
      (.avx, savesAVX && signature.ecx.hasBit(28)), (.fma, savesAVX && signature.ecx.hasBit(12)),
      (.fma4, savesAVX && extended.ecx.hasBit(16)), (.avx2, savesAVX && features.ebx.hasBit(5)),
      (.avx512, savesAVX512 && avx512), (.avx512BFloat16, savesAVX512 && avx512 && answer(7, 1).eax.hasBit(5)),
    ]
    instructions = found.reduce(into: []) { set, instruction in if instruction.1 { set.insert(instruction.0) } }
  }

  /// The widest vectors that it supports.
  package var vectors: VectorWidth { VectorWidth.allCases.last { instructions.isSuperset(of: $0.needs) } ?? .sse }

  private static func bytes(_ register: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: register >> (8 * $0)) }
  }
}

/// The registers that hold an answer of CPUID.
package struct CPUIDAnswer: Sendable {
  package var eax: UInt32 = 0
  package var ebx: UInt32 = 0
  package var ecx: UInt32 = 0
  package var edx: UInt32 = 0

  package init(eax: UInt32 = 0, ebx: UInt32 = 0, ecx: UInt32 = 0, edx: UInt32 = 0) {
    (self.eax, self.ebx, self.ecx, self.edx) = (eax, ebx, ecx, edx)
  }
}

extension UInt32 {
  fileprivate func hasBit(_ number: Int) -> Bool { self >> UInt32(number) & 1 == 1 }
}
