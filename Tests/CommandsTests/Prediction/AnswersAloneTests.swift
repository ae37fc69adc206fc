import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// An image's answer depends on the image alone, regardless of the other images and of how it is computed.
struct AnswersAloneTests {
  private static let images = "data/t10k-images-idx3-ubyte"

  private func rows(_ outcome: Tool.Outcome) throws -> [Substring] {
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome.output.split(separator: "\n")
  }

  /// The row's text from the class on, without the input's name.
  private func answer(_ row: Substring) throws -> Substring {
    let name = try #require(row.range(of: ",\"class\""), "\(row)")
    return row[name.lowerBound...]
  }

  @Test(arguments: ["lenet", "cnn"])
  func oneImageIsAnsweredAsAmongAll(model: String) throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "3", "--model", model)
    let all = try rows(try tool.run("predict", "run", "\(Self.images):0..49", "--json"))
    #expect(all.count == 50)
    for image in [0, 1, 7, 30, 49] {
      let alone = try rows(try tool.run("predict", "run", "\(Self.images):\(image)", "--json"))
      #expect(try alone.map(answer) == [try answer(all[image])], "image \(image)")
    }
    let few = try rows(try tool.run("predict", "run", "\(Self.images):20..24", "\(Self.images):3..5", "--json"))
    #expect(try few.map(answer) == (all[20...24] + all[3...5]).map(answer))
  }

  /// Rounded text could hide a difference; the file has every bit.
  @Test(arguments: ["lenet", "cnn"])
  func probabilitiesHaveTheSameBits(model: String) throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "3", "--model", model)
    func bytes(_ input: String, _ flags: String...) throws -> Data {
      let outcome = try tool.run(["predict", "run", input, "--output", "all.npy", "--quiet"] + flags)
      #expect(outcome.status == 0, "\(outcome.error)")
      return try Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/all.npy"))
    }
    let row = 10 * MemoryLayout<Float>.size
    let all = try bytes("\(Self.images):0..49").suffix(50 * row)
    for (size, threads) in [(1, 1), (3, 2), (7, 1), (7, 3), (32, 1), (50, 2)] {
      let found = try bytes("\(Self.images):0..49", "--batch-size", "\(size)", "--threads", "\(threads)")
      #expect(found.suffix(50 * row) == all, "\(size) at a time on \(threads) threads")
    }
    for image in [0, 13, 49] {
      let alone = try bytes("\(Self.images):\(image)").suffix(row)
      #expect(alone == all.dropFirst(image * row).prefix(row), "image \(image)")
    }
  }

  @Test(arguments: ["lenet", "cnn"])
  func figuresDoNotDependOnTheBatch(model: String) throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "3", "--model", model)
    func figures(_ flags: String...) throws -> NSDictionary {
      let outcome = try tool.run(["evaluate", "run", "--data", "data", "--json"] + flags)
      #expect(outcome.status == 0, "\(outcome.error)")
      var figures = try outcome.json()
      // Only the elapsed time may differ.
      for time in ["seconds", "images_per_second", "timing"] { #expect(figures.removeValue(forKey: time) != nil) }
      #expect(figures["loss"] != nil)
      return figures as NSDictionary
    }
    let expected = try figures()
    for (size, threads) in [(1, 1), (3, 2), (7, 3), (16, 1), (50, 1), (64, 2)] {
      #expect(
        try figures("--batch-size", "\(size)", "--threads", "\(threads)") == expected,
        "\(size) at a time on \(threads) threads")
    }
  }

  /// The accuracy and the loss of a set follow from its images' answers.
  @Test func theFiguresFollowFromTheAnswers() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "3")
    let predicted = try rows(try tool.run("predict", "run", "\(Self.images):0..49", "--json")).map { row in
      try #require(try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any])
    }
    let evaluated = try tool.run("evaluate", "run", "--data", "data", "--json").json()
    // The label of image i is i modulo 10.
    let right = predicted.enumerated().count { $1["class"] as? Int == $0 % 10 }
    #expect(try #require(evaluated["accuracy"] as? Double) == Double(right) / 50)
    let losses = try predicted.enumerated().map { index, row in
      -log(try #require(row["probabilities"] as? [Double])[index % 10])
    }
    let loss = try #require(evaluated["loss"] as? Double)
    #expect(abs(loss - losses.reduce(0, +) / 50) < 1e-4, "\(loss)")
  }
}
