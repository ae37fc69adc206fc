import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `bench conv`.
struct BenchConvTests {
  /// A model of one small convolution, twice.
  private static let model = """
    {"name":"tiny","input_shape":[6,5,3],"class_names":["a","b"],
     "preprocessing":{"scale":1,"mean":[0],"deviation":[1]},
     "layers":[{"type":"conv2d","output_channels":3,"kernel_size":3,"padding":"same"},
               {"type":"conv2d","output_channels":3,"kernel_size":3,"padding":"same","bias":false},
               {"type":"conv2d","output_channels":2,"kernel_size":2,"stride":2},{"type":"global_average_pool"}]}
    """

  @Test func theJSONIsThatOfTheDocumentation() throws {
    let tool = try Tool()
    try tool.folder.write(Self.model, to: "tiny.json")
    let outcome = try tool.run(
      "bench", "conv", "--model", "tiny.json", "--seconds", "0.005", "--batch-size", "3", "--threads", "1,2", "--json",
      "--quiet")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["schema"] as? Int == 1)
    #expect(json["benchmark"] as? String == "conv")
    #expect((json["machine"] as? [String: Any])?["blas"] is String)
    let rows = try #require(json["results"] as? [[String: Any]])
    let shapes = ["6×5×3→3 3×3 padding 1", "6×5×3→2 2×2 stride 2×2"]
    #expect(Set(rows.map { $0["shape"] as? String }) == Set(shapes))
    let algorithms = Set(rows.compactMap { $0["algorithm"] as? String })
    #expect(algorithms == ["winograd", "direct", "im2col", "naive"])
    for shape in shapes {
      for pass in ["forward", "backward_data", "backward_weights"] {
        for threads in [1, 2] {
          let found = rows.filter {
            $0["shape"] as? String == shape && $0["pass"] as? String == pass && $0["threads"] as? Int == threads
          }
          let names = found.map { "\($0["algorithm"] as? String ?? "") \($0["gemm"] as? String ?? "")" }
          // Only plain loops and lowering suit every stride; only algorithms with matrix products are measured twice.
          let suited = ["im2col blas", "im2col portable", "naive blas"]
          let others = ["direct blas", "winograd blas", "winograd portable"]
          #expect(names.sorted() == (suited + (shape == shapes[0] ? others : [])).sorted())
          for algorithm in ["im2col", "winograd"] {
            func row(_ gemm: String) -> [String: Any]? {
              found.first { $0["algorithm"] as? String == algorithm && $0["gemm"] as? String == gemm }
            }
            guard let portable = row("portable"), let blas = row("blas") else { continue }
            let (time, other, ratio) = try (
              #require(portable["microseconds_per_image"] as? Double),
              #require(blas["microseconds_per_image"] as? Double), #require(portable["ratio_to_blas"] as? Double)
            )
            #expect((ratio / (other / time) - 1).magnitude < 2e-4)
          }
        }
      }
    }
    for row in rows {
      let keys: Set = [
        "shape", "pass", "algorithm", "gemm", "batch", "threads", "layers", "method", "microseconds_per_image",
        "microseconds_per_image_p10", "microseconds_per_image_p90", "effective_gflops", "speedup_over_naive",
        "max_relative_error",
      ]
      #expect(Set(row.keys) == (row["gemm"] as? String == "portable" ? keys.union(["ratio_to_blas"]) : keys))
      let isFirst = row["shape"] as? String == shapes[0]
      #expect(row["layers"] as? [String] == (isFirst ? ["tiny.conv1", "tiny.conv2"] : ["tiny.conv3"]))
      #expect(row["batch"] as? Int == 3)
      let (median, p10, p90) = try (
        #require(row["microseconds_per_image"] as? Double), #require(row["microseconds_per_image_p10"] as? Double),
        #require(row["microseconds_per_image_p90"] as? Double)
      )
      #expect(0 < p10 && p10 <= median && median <= p90)
      #expect((row["max_relative_error"] as? Double ?? 1) < 1e-4)
      #expect((row["speedup_over_naive"] as? Double ?? 0) > 0)
      // Two operations per multiply-add, in thousands per microsecond; figures have five digits.
      let multiplyAdds = isFirst ? 6 * 5 * 27 * 3 : 3 * 2 * 12 * 2
      let expected = 2e-3 * Double(multiplyAdds) / median
      let gflops = try #require(row["effective_gflops"] as? Double)
      #expect((gflops / expected - 1).magnitude < 2e-4)
    }
  }

  @Test func theTableIsForPeople() throws {
    let tool = try Tool()
    try tool.folder.write(Self.model, to: "tiny.json")
    let outcome = try tool.run(
      "bench", "conv", "--model", "tiny.json", "--seconds", "0.005", "--pass", "forward", "--algorithm", "im2col")
    #expect(outcome.status == 0)
    #expect(
      outcome.error == """
        [1/2] 6×5×3→3 3×3 padding 1 forward threads 1
        [2/2] 6×5×3→2 2×2 stride 2×2 forward threads 1

        """)
    let lines = outcome.output.split(separator: "\n")
    let start = try #require(lines.firstIndex(of: "tiny.conv1, 6×5×3→3 3×3 padding 1, 1 thread"))
    let rows = lines[(start + 1)...].prefix(2).map { $0.split(whereSeparator: \.isWhitespace) }
    // pass, gemm, im2col, auto, GFLOP/s, ratio
    #expect(rows.map(\.count) == [6, 6])
    #expect(rows.map { $0[0] } == ["forward", "forward"])
    #expect(rows.map { $0[1] } == ["blas", "portable"])
    #expect(rows.allSatisfy { $0[2].hasSuffix("*") })
    #expect(lines.contains { $0.hasPrefix("The largest relative error is ") })
    #expect(lines.contains { $0.hasPrefix("Convolutions with portable products are ") })
    #expect(lines.contains { $0.hasPrefix("The fastest algorithm is ") })
  }

  @Test func whatNeedsNoProductsIsMeasuredOnce() throws {
    let tool = try Tool()
    try tool.folder.write(Self.model, to: "tiny.json")
    let flags = [
      "bench", "conv", "--model", "tiny.json", "--seconds", "0.005", "--pass", "forward", "--no-naive", "--quiet",
    ]
    let direct = try tool.run(flags + ["--algorithm", "direct"])
    #expect(direct.status == 0)
    func rows(_ output: String) -> [[Substring]] {
      output.split(separator: "\n").filter { $0.hasPrefix("forward ") }.map { $0.split(whereSeparator: \.isWhitespace) }
    }
    // The row has no gemm, and without plain loops no ratio.
    #expect(rows(direct.output).map(\.count) == [4])

    let all = rows(try tool.run(flags).output)
    // pass, gemm, three algorithms, of which direct is in both rows, auto, GFLOP/s; the strided layer has one algorithm
    #expect(all.map(\.count) == [7, 7, 5, 5])
    #expect(Set(all.prefix(2).map { $0[3].filter { $0 != "*" } }).count == 1)
    #expect(all.allSatisfy { row in row.count { $0.hasSuffix("*") } == 1 })

    let chosen = try tool.run(flags + ["--gemm", "portable", "--json"])
    let rows = try #require(try chosen.json()["results"] as? [[String: Any]])
    #expect(rows.map { $0["algorithm"] as? String } == ["winograd", "direct", "im2col", "im2col"])
    #expect(rows.allSatisfy { $0["gemm"] as? String == "portable" && $0["ratio_to_blas"] is NSNull })
  }

  @Test func theLayersOfAllModelsAreMeasuredByDefault() throws {
    let outcome = try Tool().run(
      "bench", "conv", "--seconds", "0.0001", "--batch-size", "1", "--algorithm", "im2col", "--no-naive", "--json",
      "--quiet")
    #expect(outcome.status == 0)
    let rows = try #require(try outcome.json()["results"] as? [[String: Any]])
    #expect(rows.count == 66)
    let layers = Set(rows.flatMap { $0["layers"] as? [String] ?? [] })
    #expect(
      layers
        == Set(
          (1...2).map { "lenet.conv\($0)" } + (1...3).map { "cnn.conv\($0)" } + (1...6).map { "vgg.conv\($0)" }))
    #expect(rows.contains { $0["shape"] as? String == "28×28×32→32 3×3 padding 1" })
    #expect(rows.contains { $0["shape"] as? String == "14×14×32→64 3×3 padding 1" })
  }

  @Test(arguments: [
    (["--model", "cn"], "Unknown model 'cn'. Did you mean 'cnn'?"),
    (
      ["--pass", "backward"],
      "--pass must be forward, backward_data or backward_weights, not 'backward'."
    ),
    (["--algorithm", "im2cal"], "--algorithm must be auto, "),
    (["--algorithm", "naive", "--no-naive"], "--algorithm naive and --no-naive leave nothing to measure."),
    (["--batch-size", "5000"], "--batch-size must be a whole number from 1 to 4096, not '5000'."),
    (["--seconds", "nan"], "--seconds must be a number above 0 and at most 3600, not 'nan'."),
  ])
  func wrongFlagsAreRefused(flags: [String], message: String) throws {
    let outcome = try Tool().run(["bench", "conv"] + flags)
    #expect(outcome.error.hasPrefix("jacquard: error: \(message)"))
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.output == "")
    #expect(outcome.status == 64)
  }

  @Test func anAlgorithmThatSuitsNothingIsRefused() throws {
    let outcome = try Tool().run("bench", "conv", "--model", "lenet", "--algorithm", "winograd", "--quiet")
    #expect(
      outcome.error == "jacquard: error: --algorithm winograd: it supports none of these convolutions.\n")
    #expect(outcome.output == "")
    #expect(outcome.status == 64)
  }

  @Test func aModelWithoutConvolutionsIsRefused() throws {
    let tool = try Tool()
    let model = """
      {"name":"plain","input_shape":[4,4,1],"class_names":["a","b"],
       "preprocessing":{"scale":1,"mean":[0],"deviation":[1]},"layers":[{"type":"flatten"},{"type":"dense","output_features":2}]}
      """
    try tool.folder.write(model, to: "plain.json")
    let outcome = try tool.run("bench", "conv", "--model", "plain.json")
    #expect(outcome.error == "jacquard: error: --model plain.json: the model has no convolution to measure.\n")
    #expect(outcome.status == 64)
  }
}
