import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `summary`.
struct SummaryTests {
  @Test(arguments: [
    ("lenet", 61706), ("air-tiny", 75_266), ("cnn", 93322), ("vgg", 288170), ("air", 496_546), ("mobilenet", 811_274),
    ("resnet18", 11_172_810),
  ])
  func namedModelsHaveTheirParameters(name: String, parameters: Int) throws {
    let outcome = try Tool().run("summary", name, "--json")
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["schema"] as? Int == 1)
    #expect(json["model"] as? String == name)
    #expect(json["parameters"] as? Int == parameters)
    #expect(json["input_shape"] as? [Int] == [28, 28, 1])
    let layers = try #require(json["layers"] as? [[String: Any]])
    #expect(layers.reduce(0) { $0 + (($1["parameters"] as? Int) ?? 0) } == parameters)
    #expect(layers.last?["output_shape"] as? [Int] == [10])
  }

  @Test func aShapeMayFollowTheName() throws {
    let outcome = try Tool().run("summary", "resnet18:224x200x3:1000", "--json")
    let json = try outcome.json()
    #expect(json["parameters"] as? Int == 11_689_512)
    #expect(json["input_shape"] as? [Int] == [224, 200, 3])
    #expect((json["classes"] as? [String])?.last == "999")
    let refused = try Tool().run("summary", "resnet18:224")
    #expect(
      refused.error
        == "jacquard: error: Unknown model 'resnet18:224'. After a model's name come height, width and channels, and the number of classes, as in 'resnet18:224x224x3:1000'.\n"
    )
    #expect(refused.status == 64)
    let small = try Tool().run("summary", "resnet18:7x7x1")
    #expect(small.error.contains("divides the sides of its images by 8"))
    #expect(small.status == 78)
  }

  @Test func theTableIsForPeople() throws {
    let outcome = try Tool().run("summary", "cnn")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.contains("parameters         93,322"))
    let row = try #require(lines.first { $0.hasPrefix("conv2") })
    #expect(row.split(whereSeparator: \.isWhitespace).suffix(3) == ["11×11×64", "18,496", "2,230,272"], "\(row)")
  }

  @Test func unknownModelsAreRefused() throws {
    let outcome = try Tool().run("summary", "vggg")
    #expect(outcome.error == "jacquard: error: Unknown model 'vggg'. Did you mean 'vgg'?\n")
    #expect(outcome.output == "")
    #expect(outcome.status == 64)
  }

  /// Models are written by hand, so errors give a position.
  @Test(arguments: [
    (#"{"name": "m",\n "layers": [{"type": "flatten"},, ]}"#, "line 2, column 33: expected a value, found ','"),
    (
      #"{"name": "m", "input_shape": [28, 28, 1],\n "layers": [{"type": "flaten"}]}"#,
      "line 2, column 22: at layers[0].type: "
    ),
  ])
  func brokenModelsAreRefusedByPlace(text: String, words: String) throws {
    let tool = try Tool()
    try tool.folder.write(text.replacing("\\n", with: "\n"), to: "model.json")
    let outcome = try tool.run("summary", "model.json")
    #expect(outcome.error.hasPrefix("jacquard: error: model.json: " + words), "\(outcome.error)")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.status == 78)
  }
}
