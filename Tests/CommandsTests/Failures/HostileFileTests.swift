import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Files that claim more than they contain: rejected with a message, before memory is allocated for the claim.
struct HostileFileTests {
  /// A weights file without tensors whose metadata describes a model.
  private static func weights(_ model: String) throws -> Data {
    let header = try JSONSerialization.data(withJSONObject: ["__metadata__": ["jacquard.model": model]])
    var file = Data((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
    file.append(header)
    return file
  }

  /// Sanitizers reserve more address space than the limit.
  @Test(.enabled(if: Sanitizer.current == nil))
  func aModelOfGigabytesIsComparedWithItsWeightsFirst() throws {
    let tool = try Tool()
    let model = """
      {"name": "wide", "input_shape": [28, 28, 1], "layers": [
        {"type": "flatten"}, {"type": "dense", "output_features": 15000}, {"type": "dense", "output_features": 15000},
        {"type": "dense", "output_features": 10}]}
      """
    try SmallData.write(in: tool.folder)
    try tool.folder.write(try Self.weights(model), to: "wide.safetensors")
    // The model's parameters take 947 MB, more than the limit of the process.
    let outcome = try tool.shell(
      "export OPENBLAS_NUM_THREADS=1; ulimit -v 900000; jacquard evaluate wide.safetensors --data data --threads 1")
    #expect(outcome.status == 65, "\(outcome.error)")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains("the tensor \"fc1.weight\" [15000, 784] is missing in the file"))
  }

  /// Files with holes have any claimed size, and take no disk space.
  @Test(
    .enabled(if: Sanitizer.current == nil),
    arguments: [
      ("printf ''", "expected a JSON object at offset 8"), ("printf '\\300\\0\\0\\0\\0\\0\\0\\0'", "JSON"),
      ("printf 'PK\\3\\4\\24'", "ZIP archive"),
    ])
  func weightsWithHolesAreRefusedForTheirHeader(content: String, words: String) throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    let outcome = try tool.shell(
      """
      \(content) > vast.safetensors; truncate -s 3G vast.safetensors; export OPENBLAS_NUM_THREADS=1; ulimit -v 900000
      jacquard evaluate vast.safetensors --data data --threads 1
      """)
    #expect(outcome.status == 65, "\(outcome.error)")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains(words), "\(outcome.error)")
  }

  @Test(.enabled(if: Sanitizer.current == nil), arguments: ["evaluate", "predict", "compare", "batch"])
  func answersThatDoNotFitIntoMemoryAreRefused(verb: String) throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder)
    let model = """
      {"name": "vast", "input_shape": [28, 28, 1], "layers": [
        {"type": "conv2d", "output_channels": 10, "kernel_size": 1, "padding": 1200},
        {"type": "residual", "body": [
          {"type": "conv2d", "output_channels": 10, "kernel_size": 1},
          {"type": "residual", "body": [
            {"type": "conv2d", "output_channels": 10, "kernel_size": 1},
            {"type": "conv2d", "output_channels": 10, "kernel_size": 1}]}]},
        {"type": "global_average_pool"}]}
      """
    try tool.folder.write(try Self.weights(model), to: "vast.safetensors")
    let more = [
      "predict": data + "/t10k-images-idx3-ubyte:0", "compare": "vast.safetensors", "batch": "--output table.csv",
    ]
    // A worker computes one of these images at once, whatever the batch. Four activations of 236 MB exist at the same time.
    let refused = try tool.shell(
      """
      export OPENBLAS_NUM_THREADS=1; ulimit -v 900000
      jacquard \(verb) vast.safetensors --data \(data) --batch-size 65536 --threads 1 \(more[verb] ?? "")
      """)
    // A batch records the problem of each checkpoint.
    #expect(refused.status == (verb == "batch" ? 1 : 64), "\(refused.error)")
    let words = verb == "batch" ? try tool.folder.text("table.csv") : refused.error
    #expect(words.contains("one image needs about"), "\(words)")
  }

  @Test func trainingsThatDoNotFitIntoMemoryAreRefused() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder)
    try tool.folder.write(
      """
      {"name": "vast", "input_shape": [28, 28, 1], "layers": [
        {"type": "conv2d", "output_channels": 10, "kernel_size": 1, "padding": 1200}, {"type": "global_average_pool"}]}
      """, to: "vast.json")
    let refused = try tool.run(
      "train", "--model", "vast.json", "--data", data, "--out", "run", "--batch-size", "65536")
    #expect(refused.status == 64, "\(refused.error)")
    #expect(refused.error.contains("--batch-size 65536 in 8 shards needs about"), "\(refused.error)")
    #expect(!tool.folder.holds("run"))
  }

  @Test func countsOfStepsThatNoTrainingHasAreRefused() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let header = try #require(try tool.folder.text("run/metrics.csv").split(separator: "\n").first)
    try tool.folder.write("\(header)\n1,9223372036854774784,0.1,1,1,,\n", to: "run/metrics.csv")
    let outcome = try tool.run("plot", "schedule", "run", "--output", "schedule.svg")
    #expect(outcome.status == 65, "\(outcome.error)")
    #expect(outcome.error.contains("run/metrics.csv: line 2: expected the numbers of an epoch"))
  }
}
