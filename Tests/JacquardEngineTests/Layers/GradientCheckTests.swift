import Glibc
import JacquardEngine
import TestSupport
import Testing

/// The test of the tests: a wrong gradient must not pass.
struct GradientCheckTests {
  @Test(arguments: FaultyLayer.Fault.allCases)
  func everyFaultIsFoundAndNothingElse(fault: FaultyLayer.Fault) throws {
    let shape = Shape.image(height: 5, width: 4, channels: 3)
    let check = try GradientCheck(LayerCase(layers: [FaultyLayer(fault: fault)], shape: shape, images: 4).sample())
    for shards in [1, 3] {
      let findings = try check.findings(shards: shards)
      let wrong = findings.map { $0.contains("weight:") ? "weight" : "input" }
      switch fault {
      case .none: #expect(findings == [])
      case .inputScale, .stride, .unwritten: #expect(wrong == ["input"])
      case .weightScale, .lastImage: #expect(wrong == ["weight"])
      }
    }
  }

  @Test func faultsInsideChainsAreFound() throws {
    let layers: [any Layer] = [
      Conv2D(outputChannels: 2, kernelSize: 3), GELU(), FaultyLayer(fault: .inputScale), Flatten(), Dense(3),
    ]
    let item = LayerCase(layers: layers, shape: .image(height: 6, width: 6, channels: 1), images: 3)
    let findings = try GradientCheck(item.sample()).findings(shards: 2)
    #expect(findings.count == 3 && findings.allSatisfy { $0.contains("input:") || $0.contains("conv1.") })
  }

  @Test func casesOnAKinkAreRejected() throws {
    var sample = try LayerSample([ReLU()], .vector(3), images: 1)
    sample.input = [1, 0, -1]
    #expect(try GradientCheck(sample).findings(shards: 1) == ["a bad case: a kink is 0.0 away"])
  }

  @Test func differencesAreExactFarBelowRounding() {
    let point = [0.3, -1.2]
    let found = GradientCheck.differences(point) { sin($0[0]) * exp($0[1]) }
    let expected = [cos(point[0]) * exp(point[1]), sin(point[0]) * exp(point[1])]
    for (found, expected) in zip(found, expected) { #expect((found - expected).magnitude < 1e-10) }
  }
}
