import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `data info` and `data verify`.
struct DataVerbTests {
  @Test func infoCountsAndMeasures() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder, training: 25, test: 10)
    let outcome = try tool.run("data", "info", "--data", data, "--json")
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["schema"] as? Int == 1)
    #expect(json["folder"] as? String == data)
    let splits = try #require(json["splits"] as? [[String: Any]])
    #expect(splits.map { $0["split"] as? String } == ["train", "test"])
    #expect(splits.map { $0["count"] as? Int } == [25, 10])
    #expect(splits[0]["height"] as? Int == 28)
    #expect(splits[0]["channels"] as? Int == 1)
    let classes = try #require(splits[0]["classes"] as? [[String: Any]])
    #expect(classes.map { $0["count"] as? Int } == [3, 3, 3, 3, 3, 2, 2, 2, 2, 2])
    #expect(classes[9]["class"] as? String == "Ankle boot")
    // The same sums over the bytes of the file.
    let pixels = try Data(contentsOf: URL(fileURLWithPath: data + "/train-images-idx3-ubyte")).dropFirst(16)
    let mean = pixels.reduce(0.0) { $0 + Double($1) / 255 } / Double(pixels.count)
    let squares = pixels.reduce(0.0) { $0 + (Double($1) / 255 - mean) * (Double($1) / 255 - mean) }
    let deviation = (squares / Double(pixels.count)).squareRoot()
    #expect(abs(try #require(splits[0]["mean"] as? Double) - mean) < 1e-6)
    #expect(abs(try #require(splits[0]["deviation"] as? Double) - deviation) < 1e-6)
  }

  @Test func infoIsATableForPeople() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder, training: 20, test: 10)
    let outcome = try tool.run("data", "info", "--data", data)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "folder             \(data)")
    #expect(lines[1].hasPrefix("train              20 images of 28 × 28, mean 0."))
    // The square of a class is the same in each image, the pattern behind it differs.
    #expect(lines[3] == "repeated in train  none")
    #expect(lines[5] == "of test in train   10 images")
    #expect(lines[6] == "imbalance          none, 2 training images per class")
    #expect(
      lines[7] == "found              train (train-images-idx3-ubyte, train-labels-idx1-ubyte), "
        + "test (t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte)")
    #expect(lines[8] == "left out           nothing")
    #expect(lines[10] == "class  name         train  test")
    #expect(lines[12] == "    0  T-shirt/top      2     1")
    #expect(outcome.output.contains("Pixel values, in percent.\n values"))
    #expect(outcome.status == 0)
  }

  @Test func infoFindsRepeatedImagesAndCountsValues() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder, training: 12, test: 10)
    // The third image of the training set becomes a copy of the first, whose class it does not share.
    let path = data + "/train-images-idx3-ubyte"
    var file = try Data(contentsOf: URL(fileURLWithPath: path))
    file.replaceSubrange(16 + 2 * 784..<16 + 3 * 784, with: file[16..<16 + 784])
    try file.write(to: URL(fileURLWithPath: path))
    let json = try tool.run("data", "info", "--data", data, "--json").json()
    let splits = try #require(json["splits"] as? [[String: Any]])
    #expect(splits[0]["repeated_images"] as? [String: Int] == ["count": 1, "with_other_label": 1])
    #expect(splits[1]["repeated_images"] as? [String: Int] == ["count": 0, "with_other_label": 0])
    // All images of the test set are in the training set, except for the third.
    #expect(json["test_images_in_train"] as? [String: Int] == ["count": 9, "with_other_label": 0])
    let histogram = try #require(splits[0]["histogram"] as? [Int])
    var counts = [Int](repeating: 0, count: 256)
    for value in file.dropFirst(16) { counts[Int(value)] += 1 }
    #expect(histogram == counts)
  }

  @Test func theFolderComesFromTheEnvironment() throws {
    var tool = try Tool()
    let data = try SmallData.write(in: tool.folder, folder: "home/jacquard/fashion-mnist", training: 10, test: 10)
    tool.environment["XDG_DATA_HOME"] = tool.folder.path + "/home"
    #expect(try tool.run("data", "info", "--json").json()["folder"] as? String == data)
    tool.environment = ["JACQUARD_DATA": data]
    #expect(try tool.run("data", "info", "--json").json()["folder"] as? String == data)
  }

  @Test func verifyChecksEveryPart() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder, training: 10, test: 10)
    let sound = try tool.run("data", "verify", "--data", data, "--json")
    #expect(sound.status == 0)
    #expect(try sound.json()["ok"] as? Bool == true)
    let splits = try #require(try sound.json()["splits"] as? [[String: Any]])
    #expect(splits.map { $0["ok"] as? Bool } == [true, true])
    #expect(splits.map { $0["fashion_mnist"] as? Bool } == [false, false])

    try tool.folder.write(
      SmallData.header(type: 0x08, [10]) + Data([0, 1, 2, 3, 10, 5, 6, 7, 8, 9]), to: "data/train-labels-idx1-ubyte")
    let broken = try tool.run("data", "verify", "--data", data, "--json")
    #expect(broken.status == 65)
    #expect(broken.errorLines.count == 1)
    #expect(broken.error.contains("train-labels-idx1-ubyte: byte 12"), "\(broken.error)")
    #expect(try broken.json()["ok"] as? Bool == false)
    let found = try #require(try broken.json()["splits"] as? [[String: Any]])
    #expect(found.map { $0["ok"] as? Bool } == [false, true])
  }

  @Test func dataThatIsNotThereIsNamed() throws {
    let outcome = try Tool().run("data", "info", "--data", "/nowhere")
    #expect(outcome.output == "")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains("no such file or folder"))
    #expect(outcome.status == 66)
  }
}

/// The imbalance that `data info` states.
struct ImbalanceReportTests {
  @Test func infoNamesTheImbalanceAndSuggestsSettings() throws {
    let tool = try Tool()
    try OwnData.pictures(in: tool.folder)
    // Twenty pictures of each class.
    for number in stride(from: 26, to: 100, by: 5) {
      tool.folder.remove("pictures/train/cyan/\(String(format: "%03d", number)).png")
    }
    let outcome = try tool.run("data", "info", "--data", "pictures")
    let text = outcome.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(
      separator: " ")
    #expect(text.contains("4.0, blue (20) to cyan (5)"), "\(outcome.output)")
    #expect(text.contains("'train --sampling balanced' or '--class-weights balanced'"), "\(outcome.output)")
    let json = try #require(
      try tool.run("data", "info", "--data", "pictures", "--json").json()["imbalance"] as? [String: Any])
    #expect(json["ratio"] as? Double == 4 && json["is_considerable"] as? Bool == true)
    #expect((json["smallest"] as? [String: Any])?["class"] as? String == "cyan")
    #expect((json["largest"] as? [String: Any])?["count"] as? Int == 20)
    tool.folder.remove("pictures/train/blue/000.png")
    let lesser = try tool.run("data", "info", "--data", "pictures", "--json").json()["imbalance"] as? [String: Any]
    #expect((lesser?["largest"] as? [String: Any])?["class"] as? String == "green")
  }
}
