import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `doctor`.
struct DoctorTests {
  @Test func isContentWhenAllIsThere() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder, training: 10, test: 10)
    let outcome = try tool.run("doctor", "--data", data, "--json")
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["schema"] as? Int == 1)
    #expect(json["ok"] as? Bool == true)
    #expect(json["data"] as? String == data)
    let machine = try #require(json["machine"] as? [String: Any])
    #expect(try #require(machine["cores"] as? Int) >= 1)
    #expect(machine["blas_threads"] as? Int == 1)
    #expect((machine["blas"] as? String)?.hasPrefix("OpenBLAS ") == true)
    for key in ["blas_path", "lapacke_path", "lapack_path"] {
      let path = try #require(machine[key] as? String, "\(key)")
      #expect(FileManager.default.fileExists(atPath: path), "\(path)")
    }
  }

  @Test func saysWhatIsMissingAndHowToGetIt() throws {
    let tool = try Tool()
    try tool.folder.write("", to: "data/train-images-idx3-ubyte")
    let outcome = try tool.run("doctor", "--data", tool.folder.path + "/data")
    // A long path is followed by a line break.
    #expect(outcome.output.contains("\nmissing: \(tool.folder.path)/data:"), "\(outcome.output)")
    #expect(outcome.error == "")
    #expect(outcome.status == 1)
    let nowhere = try tool.run("doctor", "--data", "/nowhere")
    #expect(nowhere.output.contains("no such file or folder"))
    #expect(nowhere.status == 1)
  }
}
