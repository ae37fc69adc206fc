import Interchange
import JacquardEngine
import TestSupport
import Testing

struct WeightsTemperatureTests {
  private static let model = Model(
    name: "m", inputShape: .image(height: 2, width: 2, channels: 1), classNames: ["a", "b"]
  ) {
    Flatten()
    Dense(2)
  }

  @Test func aFileKeepsTheTemperature() throws {
    let folder = try TemporaryFolder()
    let network = try Network(Self.model, seed: 1)
    network.temperature = 1.375
    try network.save(to: folder("warm.safetensors"))
    #expect(try Network(contentsOf: folder("warm.safetensors")).temperature == 1.375)
    // Loading other weights replaces it.
    let other = try WeightsFile(of: Network(Self.model, seed: 2), network.snapshot(), provenance: "{}")
    #expect(other.content.metadata[WeightsFile.MetadataKey.temperature] == nil)
    try other.load(into: network)
    #expect(network.temperature == 1)
  }

  @Test(arguments: ["", "warm", "0", "-1", "nan", "inf", "1000"])
  func otherTextsAreRefused(text: String) throws {
    let network = try Network(Self.model, seed: 1)
    network.temperature = 2
    var content = try WeightsFile(of: network, network.snapshot(), provenance: "{}").content
    content.metadata[WeightsFile.MetadataKey.temperature] = text
    let error = #expect(throws: WeightsError.self) {
      try WeightsFile(content, path: "w.safetensors").load(into: network)
    }
    #expect(
      error?.description
        == "w.safetensors: the string \"jacquard.temperature\" of the metadata is \"\(text)\", expected a number from 0.01 to 100.0; "
        + "remove the string, or fit the temperature again.")
    #expect(network.temperature == 2)
  }
}
