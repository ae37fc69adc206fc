import LinearAlgebra
import Testing

/// The kernels of OpenBLAS that are chosen on each processor, without those processors.
struct KernelChoiceTests {
  /// A processor, OpenBLAS's choice for it, and the kernels that should run.
  struct Generation: CustomTestStringConvertible, Sendable {
    let name: String
    let processor: FakeProcessor
    let picked: String
    let expected: String

    var testDescription: String { "\(name): \(picked)" }

    static func intel(
      _ name: String, _ model: Int, _ features: Set<FakeProcessor.Feature>, picked: String, expected: String? = nil
    ) -> Self {
      Self(
        name: name, processor: FakeProcessor(model: model, features: features), picked: picked,
        expected: expected ?? picked)
    }

    static func amd(
      _ name: String, _ family: Int, _ model: Int, _ features: Set<FakeProcessor.Feature>, picked: String,
      expected: String? = nil
    ) -> Self {
      Self(
        name: name,
        processor: FakeProcessor(vendor: "AuthenticAMD", family: family, model: model, features: features),
        picked: picked, expected: expected ?? picked)
    }
  }

  /// The picks are those of OpenBLAS 0.3.21, from its source, unless another version is named.
  static let generations: [Generation] = [
    .intel("Conroe", 15, .core2, picked: "Core2"),
    .intel("Penryn", 23, .penryn, picked: "Penryn"),
    .intel("Nehalem", 26, .nehalem, picked: "Nehalem"),
    .intel("Sandy Bridge", 42, .sandyBridge, picked: "Sandybridge"),
    .intel("Ivy Bridge", 58, .sandyBridge, picked: "Sandybridge"),
    .intel("Haswell", 60, .haswell, picked: "Haswell"),
    .intel("Skylake", 94, .haswell, picked: "Haswell"),
    .intel("Skylake-X", 85, .skylakeX, picked: "SkylakeX"),
    .intel("Cooper Lake", 85, .cooperLake, picked: "Cooperlake"),
    .intel("Ice Lake", 106, .skylakeX, picked: "SkylakeX"),
    .intel("Tiger Lake", 140, .skylakeX, picked: "SkylakeX"),
    .intel("Alder Lake", 151, .haswell, picked: "Haswell"),
    .intel("Raptor Lake", 183, .haswell, picked: "Prescott", expected: "Haswell"),
    .intel("Sapphire Rapids", 143, .cooperLake, picked: "Cooperlake"),
    .intel("Sapphire Rapids, 0.3.26", 143, .cooperLake, picked: "SapphireRapids"),
    .intel("Emerald Rapids", 207, .cooperLake, picked: "Prescott", expected: "SkylakeX"),
    .intel("Granite Rapids", 173, .cooperLake, picked: "Cooperlake"),
    .intel("Snow Ridge, without AVX", 134, .nehalem, picked: "Prescott"),
    .intel("Knights Landing", 87, .haswell.union([.avx512f, .avx512cd]), picked: "Haswell"),
    .amd("Opteron", 15, 5, [.threeDNow], picked: "Opteron"),
    .amd("qemu64, an Opteron without 3DNow", 15, 107, [.sse3], picked: "Opteron", expected: "Prescott"),
    .amd("Barcelona", 16, 2, [.sse3, .threeDNow], picked: "Prescott"),
    .amd("Bulldozer", 21, 1, .sandyBridge.union([.fma4]), picked: "Bulldozer"),
    .amd("Piledriver", 21, 2, .sandyBridge.union([.fma4, .fma]), picked: "Piledriver"),
    .amd("Excavator", 21, 101, .haswell.union([.fma4]), picked: "Excavator"),
    .amd("Jaguar", 22, 0, .sandyBridge, picked: "Bobcat"),
    .amd("Zen", 23, 1, .haswell, picked: "Zen"),
    .amd("Zen 2", 23, 49, .haswell, picked: "Zen"),
    .amd("Zen 3", 25, 33, .haswell, picked: "Zen"),
    .amd("Zen 4", 25, 97, .cooperLake, picked: "Cooperlake"),
    .amd("Zen 5", 26, 2, .cooperLake, picked: "Cooperlake"),
    .amd("Zen 5, 0.3.13", 26, 2, .cooperLake, picked: "Prescott", expected: "SkylakeX"),
    Generation(
      name: "Hygon", processor: FakeProcessor(vendor: "HygonGenuine", family: 24, model: 0, features: .haswell),
      picked: "Zen", expected: "Zen"),
    Generation(
      name: "nobody knows, AVX2",
      processor: FakeProcessor(vendor: "SomebodysChip", family: 6, model: 1, features: .haswell),
      picked: "Prescott", expected: "Haswell"),
    Generation(
      name: "Zen without AVX2, as a hypervisor may show it",
      processor: FakeProcessor(vendor: "AuthenticAMD", family: 23, model: 1, features: .sandyBridge),
      picked: "Zen", expected: "Sandybridge"),
    Generation(
      name: "Haswell, an operating system without AVX",
      processor: FakeProcessor(model: 60, features: .haswell, savedRegisters: nil), picked: "Nehalem",
      expected: "Nehalem"),
    Generation(
      name: "Ice Lake, an operating system without AVX-512",
      processor: FakeProcessor(model: 106, features: .skylakeX, savedRegisters: 0x7), picked: "Haswell",
      expected: "Haswell"),
  ]

  @Test(arguments: generations)
  func fitsTheProcessor(_ generation: Generation) {
    let kernels = Self.chosen(on: generation.processor, picked: generation.picked)
    #expect(kernels.core == generation.expected)
    #expect(kernels.origin == (generation.expected == generation.picked ? .openBLAS : .jacquard))
    #expect(kernels.canRun && kernels.better == nil && kernels.stepsBehind == 0)
  }

  /// Independent of the table's picks: whatever OpenBLAS picks, the chosen kernels can run, and no wider ones could.
  @Test(arguments: generations)
  func everyPickEndsWithKernelsThatRun(_ generation: Generation) throws {
    let processor = generation.processor.processor
    for picked in OpenBLASCore.known.map(\.name) {
      let kernels = Self.chosen(on: generation.processor, picked: picked)
      let core = try #require(OpenBLASCore(named: kernels.core))
      #expect(core.runs(on: processor) || OpenBLASCore.choices(on: processor).isEmpty, "\(picked)")
    }
  }

  @Test func aProcessorThatIsOlderThanAllKernelsIsTold() {
    let kernels = Self.chosen(on: FakeProcessor(vendor: "AuthenticAMD", family: 15, model: 5), picked: "Opteron")
    #expect(kernels.core == "Opteron" && !kernels.canRun)
  }

  @Test func whatTheUserSetStandsHoweverSlow() {
    let emeraldRapids = FakeProcessor(model: 207, features: .cooperLake)
    let kernels = Self.chosen(on: emeraldRapids, picked: "Prescott", requested: "PRESCOTT")
    #expect(kernels.core == "Prescott" && kernels.origin == .environment)
    #expect(kernels.better == "SkylakeX" && kernels.stepsBehind == 3)
    #expect(kernels.reason == "set by OPENBLAS_CORETYPE")
    let narrower = Self.chosen(on: emeraldRapids, picked: "Haswell", requested: "Haswell")
    #expect(narrower.core == "Haswell" && narrower.better == "SkylakeX" && narrower.stepsBehind == 1)
  }

  @Test func whatTheUserSetAndCannotRunDoesNotStand() {
    let haswell = FakeProcessor(model: 60, features: .haswell)
    let kernels = Self.chosen(on: haswell, picked: "SkylakeX", requested: "SkylakeX")
    #expect(kernels.core == "Haswell" && kernels.origin == .jacquard && kernels.requested == "SkylakeX")
    #expect(kernels.reason == "chosen because SkylakeX cannot run here")
  }

  @Test func aNameThatOpenBLASDoesNotKnowIsNotCalledTheUsersChoice() {
    let kernels = Self.chosen(on: FakeProcessor(model: 60, features: .haswell), picked: "Haswell", requested: "Fast")
    #expect(kernels.origin == .openBLAS)
  }

  /// A library that lacks the requested kernels chooses others, or none.
  @Test func aLibraryWithoutTheBestKernelsUsesTheNext() {
    let emeraldRapids = FakeProcessor(model: 207, features: .cooperLake)
    let some = Self.chosen(on: emeraldRapids, picked: "Prescott", having: ["Prescott", "Nehalem", "Haswell"])
    #expect(some.core == "Haswell" && some.better == "SkylakeX" && some.stepsBehind == 1)
    let none = Self.chosen(on: emeraldRapids, picked: "Prescott", having: ["Prescott", "Nehalem"])
    #expect(none.core == "Prescott" && none.origin == .openBLAS && none.stepsBehind == 3)
  }

  @Test func aLibraryThatCannotChooseKeepsWhatItHas() {
    let processor = FakeProcessor(model: 207, features: .cooperLake).processor
    let hidden = BLASKernels.Plan(
      picked: "Prescott", requested: nil, processor: processor, hasSeveral: true, canChoose: false)
    #expect(hidden.candidates == [] && hidden.result(running: "Prescott").better == "SkylakeX")
    let single = BLASKernels.Plan(
      picked: "Haswell", requested: nil, processor: processor, hasSeveral: false, canChoose: false)
    #expect(single.result(running: "Haswell").origin == .build)
    #expect(single.result(running: "Haswell").reason == "the only kernels of this library")
  }

  @Test func otherProcessorsAndLibrariesAreLeftAlone() {
    for (picked, processor) in [("NEOVERSEN1", nil), ("", Processor.current)] as [(String, Processor?)] {
      let plan = BLASKernels.Plan(
        picked: picked, requested: nil, processor: processor, hasSeveral: picked != "", canChoose: picked != "")
      let kernels = plan.result(running: picked)
      #expect(plan.candidates == [] && kernels.canRun && kernels.better == nil, "\(picked)")
      #expect(kernels.origin == (picked == "" ? .build : .openBLAS))
    }
  }

  /// The kernels that finally run in a library with these kernels, if it follows the requests of `LoadedBLAS`.
  private static func chosen(
    on processor: FakeProcessor, picked: String, requested: String? = nil,
    having cores: [String] = OpenBLASCore.known.map(\.name)
  ) -> BLASKernels {
    let plan = BLASKernels.Plan(
      picked: picked, requested: requested, processor: processor.processor, hasSeveral: true, canChoose: true)
    for name in plan.candidates {
      let answer = cores.contains(name) ? name : picked
      if plan.accepts(answer) { return plan.result(running: answer) }
    }
    return plan.result(running: picked)
  }
}
