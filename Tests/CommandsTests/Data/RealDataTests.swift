import CommandTestSupport
import Figures
import Foundation
import TestSupport
import Testing

/// Data as users have it: with a validation part, broken pictures, and files of other kinds.
struct RealDataTests {
  private static let train = [
    "train", "--data", "pictures", "--max-steps", "2", "--batch-size", "10", "--model", "lenet", "--json",
  ]

  private func tool(validation: Int? = nil) throws -> Tool {
    let tool = try Tool()
    try OwnData.pictures(in: tool.folder, training: 40, test: 10)
    for number in 0..<(validation ?? 0) {
      let bitmap = Bitmap(width: 22, height: 20, channels: 3, pixels: OwnData.image(500 + number))
      try tool.folder.write(
        Data(try bitmap.png()), to: "pictures/val/\(OwnData.classNames[number % 5])/\(number).png")
    }
    return tool
  }

  @Test func aValidationFolderIsTheValidationSet() throws {
    let tool = try tool(validation: 15)
    try tool.folder.write("x", to: "pictures/train/red/a.heic")
    try tool.folder.write("x", to: "pictures/train/red/b.heic")
    let outcome = try tool.run(Self.train + ["--out", "run", "--early-stopping", "3"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.errorLines.first == "pictures: left out: 2 .heic files (not supported)")
    let score = try #require(try outcome.json()["validation"] as? [String: Double])
    let evaluated = try tool.run("evaluate", "run", "--split", "validation", "--json")
    #expect(evaluated.error == "pictures: left out: 2 .heic files (not supported)\n")
    #expect(try evaluated.json()["count"] as? Int == 15)
    #expect(abs(try #require(try evaluated.json()["accuracy"] as? Double) - (try #require(score["accuracy"]))) < 1e-6)
    let info = try tool.run("data", "info", "--data", "pictures", "--json").json()
    #expect((info["splits"] as? [[String: Any]])?.map { $0["split"] as? String } == ["train", "validation", "test"])
    #expect((info["left_out"] as? [[String: String]]) == [["what": "2 .heic files", "reason": "not supported"]])
    #expect((info["found"] as? [[String: Any]])?.map { $0["names"] as? [String] } == [["train"], ["val"], ["test"]])
    #expect(try tool.run("data", "show", "--split", "validation", "--data", "pictures", "-o", "v.png").status == 0)
    // Another picture in it is another data set.
    let bitmap = Bitmap(width: 22, height: 20, channels: 3, pixels: OwnData.image(7))
    try tool.folder.write(Data(try bitmap.png()), to: "pictures/val/red/more.png")
    let resumed = try tool.run("train", "--resume", "run", "--max-steps", "3")
    #expect(resumed.status == 78)
    #expect(resumed.error.contains("the data differs: pictures, validation has"), "\(resumed.error)")
  }

  @Test func imagesThatAreSetAsideComeBeforeAValidationFolder() throws {
    let tool = try tool(validation: 15)
    let outcome = try tool.run(Self.train + ["--out", "run", "--validation", "10"])
    #expect(
      outcome.errorLines.first
        == "pictures: left out: val (validation images are set aside from the training part)")
    #expect(try tool.run("evaluate", "run", "--split", "validation", "--json").json()["count"] as? Int == 10)
    let batch = try tool.run("batch", "run", "--split", "validation", "--data", "pictures", "--output", "t.csv")
    #expect(batch.status == 0, "\(batch.error)")
    let again = try tool.run(
      "batch", "run", "--split", "validation", "--data", "pictures", "--output", "t.csv", "--resume", "--json")
    #expect(again.status == 0, "\(again.error)")
    #expect(try tool.folder.text("t.csv").split(separator: "\n").count == 2)
  }

  @Test func everyBrokenPictureIsNamedAndMayBeLeftOut() throws {
    let tool = try tool()
    let whole = try #require(tool.folder.bytes("pictures/train/blue/000.png"))
    let broken = [
      ("blue/x0.png", Data(whole.prefix(100))), ("green/x1.jpg", Data()), ("red/x2.jpg", Data("<html>".utf8)),
    ]
    for (name, bytes) in broken { try tool.folder.write(bytes, to: "pictures/train/\(name)") }
    let verified = try tool.run("data", "verify", "--data", "pictures", "--json")
    #expect(verified.status == 65)
    #expect(verified.errorLines.count == 3)
    for (name, _) in broken { #expect(verified.error.contains("pictures/train/\(name): "), "\(verified.error)") }
    #expect(
      verified.error.contains("x1.jpg: expected a PNG, JPEG, WebP, GIF or BMP picture, found an empty file, 0 bytes"))
    let splits = try #require(try verified.json()["splits"] as? [[String: Any]])
    #expect(splits.map { $0["ok"] as? Bool } == [false, true])
    #expect(splits[0]["count"] as? Int == 40)
    #expect((splits[0]["broken"] as? [[String: String]])?.count == 3)
    #expect(
      try tool.run("data", "verify", "--data", "pictures").output.contains("train   3 pictures broken, see below; "))

    let refused = try tool.run(Self.train + ["--out", "run"])
    #expect(refused.status == 65)
    #expect(refused.error.contains("--skip-broken leaves them out"), "\(refused.error)")
    let trained = try tool.run(Self.train + ["--out", "run", "--skip-broken"])
    #expect(trained.status == 0, "\(trained.error)")
    #expect(trained.error.contains("warning: pictures: left out 3 pictures that cannot be read, such as "))
    let record = try JSONSerialization.jsonObject(with: try #require(tool.folder.bytes("run/run.json")))
    let provenance = try #require((record as? [String: Any])?["provenance"] as? [String: Any])
    let skipped = try #require(provenance["skipped_pictures"] as? [[String: String]])
    #expect(skipped.map { $0["path"] } == broken.map { "pictures/train/\($0.0)" })
    #expect(try tool.folder.text("run/config.json").contains("\"skip_broken\": true"))
    // Verbs that evaluate the run leave them out too.
    #expect(try tool.run("evaluate", "run", "--split", "train", "--json").json()["count"] as? Int == 40)
  }

  @Test func oddPicturesAreWarnedOf() throws {
    let tool = try Tool()
    var bytes = try Data(
      contentsOf: DocumentationPage.root.appendingPathComponent("Tests/PhotographsTests/Fixtures/quadrants.jpg"))
    let version = try #require(bytes.firstRange(of: Data("JFIF\0".utf8))).upperBound
    bytes.replaceSubrange(version..<version + 2, with: [0, 0])
    for name in ["a/1.jpg", "a/2.jpe", "b/3.jfif"] { try tool.folder.write(bytes, to: "odd/\(name)") }
    let verified = try tool.run("data", "verify", "--data", "odd")
    #expect(verified.status == 0, "\(verified.error)")
    #expect(verified.errorLines.count == 3)
    #expect(
      verified.error.contains(
        "warning: odd/a/1.jpg: Warning: unknown JFIF revision number 0.00; its pixels are readable"))
    #expect(verified.output.contains("ok: 3 images of 8 × 16 × 3, 2 classes, not Fashion-MNIST; 3 with warnings"))
  }

  /// A model that learned from labels that are numbers answers pictures in folders that are numbers.
  @Test func numbersAreTheSameClassesInArraysAndFolders() throws {
    let tool = try tool()
    for (number, name) in OwnData.classNames.enumerated() {
      try FileManager.default.moveItem(
        atPath: tool.folder("pictures/train/\(name)"),
        toPath: tool.folder("pictures/train/\(number == 4 ? 10 : number)"))
      try FileManager.default.removeItem(atPath: tool.folder("pictures/test/\(name)"))
    }
    let outcome = try tool.run(Self.train + ["--out", "run", "--quiet"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let metadata = try SafetensorsSurgery.metadata(try #require(tool.folder.bytes("run/weights/last.safetensors")))
    #expect(try #require(metadata["jacquard.model"]).contains(#"["0","1","2","3","10"]"#))
  }
}
