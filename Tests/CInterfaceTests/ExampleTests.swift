import Foundation
import Interchange
import TestSupport
import Testing

/// The example in C, compiled as its page says.
@Suite(.enabled(if: Compilers.areInstalled, Compilers.absence))
struct ExampleTests {
  private static let source = "Examples/c/fashion.c"

  @Test(arguments: ["gcc", "clang"], Program.Linking.allCases)
  func exampleTrainsAndPredicts(_ compiler: String, _ linking: Program.Linking) throws {
    let program = try Program(Self.source, compiler: compiler, linking: linking)
    let outcome = try program.run("/nowhere", "500", "3")
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.text)")
    let lines = outcome.output.split(separator: "\n")
    try #require(lines.count == 6, "\(outcome.text)")
    #expect(lines[0] == "61706 parameters, 500 images")
    #expect(lines[1...3].map { $0.prefix(8) } == ["epoch 1:", "epoch 2:", "epoch 3:"])
    // Squares in ten positions, which LeNet distinguishes after a few steps.
    #expect(lines[4].hasSuffix("accuracy 1.0000"), "\(lines[4])")
    #expect(lines[5].hasPrefix("the first test image: T-shirt/top, "), "\(lines[5])")
  }

  @Test(.enabled(if: Compilers.haveValgrind, Compilers.valgrindsAbsence))
  func examplesMemoryIsSound() throws {
    let outcome = try Program(Self.source).runChecked("/nowhere", "60", "1")
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.text)")
  }

  /// The example and `jacquard train` with the same settings end with the same bits.
  @Test func exampleTrainsAsTheCommandLineDoes() throws {
    let program = try Program(Self.source)
    let data = try SmallData.write(in: program.folder, training: 300)
    let outcome = try program.run(data, "300", "2")
    try #require(outcome.status == 0, "\(outcome.text)")
    let run = program.folder.path + "/run"
    let command = try Command.run(
      InstalledTree.products + "/jacquard",
      ["train", "--model", "lenet", "--data", data, "--epochs", "2", "--seed", "1", "--quiet", "--out", run])
    try #require(command.status == 0, "\(command.text)")
    let ours = try SafetensorsFile(contentsOf: program.folder.path + "/fashion.safetensors")
    let theirs = try SafetensorsFile(contentsOf: run + "/weights/last.safetensors")
    #expect(ours.tensors == theirs.tensors && ours.tensors.count == 10)

    // And each reads the other's file.
    let evaluated = try Command.run(
      InstalledTree.products + "/jacquard",
      ["evaluate", program.folder.path + "/fashion.safetensors", "--data", data, "--json"])
    #expect(evaluated.status == 0, "\(evaluated.text)")
    let loaded = try Program("Tests/CInterfaceTests/Programs/load.c").run(run)
    #expect(loaded.output == "61706 parameters\n", "\(loaded.text)")
  }
}
