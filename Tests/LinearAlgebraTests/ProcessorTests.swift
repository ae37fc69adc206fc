import LinearAlgebra
import Testing

/// The interpretation of CPUID's answers.
struct ProcessorTests {
  @Test func namesMakerFamilyAndModel() {
    let intel = FakeProcessor(model: 207).processor
    #expect(intel.vendor == "GenuineIntel" && intel.family == 6 && intel.model == 207)
    let amd = FakeProcessor(vendor: "AuthenticAMD", family: 26, model: 0x44).processor
    #expect(amd.vendor == "AuthenticAMD" && amd.family == 26 && amd.model == 0x44)
  }

  @Test(arguments: FakeProcessor.Feature.allCases)
  func findsEachFeatureAloneOrNot(_ feature: FakeProcessor.Feature) {
    let found = FakeProcessor(features: [feature]).processor.instructions
    let expected: Processor.Instructions =
      switch feature {
      case .sse3: .sse3
      case .ssse3: .ssse3
      case .fma: .fma
      case .sse41: .sse41
      case .sse42: .sse42
      case .avx: .avx
      case .avx2: .avx2
      case .fma4: .fma4
      case .threeDNow: .threeDNow
      // The parts of AVX-512 count together.
      case .avx512f, .avx512dq, .avx512cd, .avx512bw, .avx512vl, .avx512BFloat16: []
      }
    #expect(found == expected)
  }

  @Test func countsAVX512AsAWhole() {
    #expect(FakeProcessor(features: .skylakeX).processor.instructions.contains(.avx512))
    for part in Set<FakeProcessor.Feature>.skylakeX.subtracting(.haswell) {
      let rest = FakeProcessor(features: .skylakeX.subtracting([part])).processor
      #expect(!rest.instructions.contains(.avx512) && rest.vectors == .avx2, "\(part)")
    }
  }

  @Test func believesTheOperatingSystem() {
    var machine = FakeProcessor(features: .cooperLake)
    #expect(machine.processor.vectors == .avx512)
    #expect(machine.processor.instructions.contains(.avx512BFloat16))
    machine.savedRegisters = 0x7
    #expect(machine.processor.vectors == .avx2 && !machine.processor.instructions.contains(.avx512BFloat16))
    machine.savedRegisters = 0x3
    #expect(machine.processor.vectors == .sse && !machine.processor.instructions.contains(.fma))
    machine.savedRegisters = nil
    #expect(machine.processor.vectors == .sse && machine.processor.instructions.contains(.sse42))
  }

  @Test func asksNoLeafThatIsNotThere() {
    #expect(
      FakeProcessor(features: .nehalem, highestLeaf: 1).processor.instructions == [.sse3, .ssse3, .sse41, .sse42])
    #expect(FakeProcessor(features: [], highestLeaf: 6).processor.instructions == [])
  }

  @Test func fmaAloneMakesNoAVX2() {
    #expect(FakeProcessor(features: .sandyBridge).processor.vectors == .avx)
    #expect(FakeProcessor(features: .haswell.subtracting([.fma])).processor.vectors == .avx)
    #expect(FakeProcessor(features: .haswell).processor.vectors == .avx2)
  }

  #if arch(x86_64)
    @Test func thisProcessorDescribesItself() throws {
      let processor = try #require(Processor.current)
      #expect(!processor.vendor.isEmpty && processor.family > 0)
      // Every machine that runs these tests meets the requirements of Swift's runtime, and SSE3 is older than those.
      #expect(processor.instructions.contains(.sse3))
    }
  #else
    @Test func thisProcessorHasNoCPUID() { #expect(Processor.current == nil) }
  #endif
}
