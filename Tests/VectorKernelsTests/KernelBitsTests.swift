import Foundation
import TestSupport
import Testing

/// Every kernel writes the same bits on every processor with fused multiply-add.
///
/// `Programs/kernels.c` runs each on its own inputs and prints a hash of the outputs. It is compiled here for this
/// processor, and for 64-bit ARM, where an emulator runs it.
struct KernelBitsTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let kernels = root.appendingPathComponent("Sources/VectorKernels")
  private static let program = root.appendingPathComponent("Tests/VectorKernelsTests/Programs/kernels.c")

  /// The compiler of the toolchain that builds the package: it must be clang, for its vector types.
  private static let compiler = ["/usr/bin/env", "clang"]
  private static let arm = "/usr/aarch64-linux-gnu"

  private static func isThere(_ program: String) -> Bool {
    (try? FinishedProgram("/usr/bin/env", ["which", program]).status) == 0
  }

  private static var emulatesARM: Bool {
    isThere("clang") && isThere("qemu-aarch64") && FileManager.default.fileExists(atPath: arm + "/include/stdint.h")
  }

  private static func compile(to path: String, _ flags: [String] = []) throws {
    let sources = try FileManager.default.contentsOfDirectory(atPath: kernels.path).filter { $0.hasSuffix(".c") }
    let outcome = try FinishedProgram(
      compiler[0],
      [compiler[1], "-O2", "-I\(kernels.path)/include", "-o", path, program.path] + flags
        + sources.map { "\(kernels.path)/\($0)" } + ["-lm"])
    try #require(outcome.status == 0, "\(outcome.error)")
  }

  private static func hashes(_ outcome: FinishedProgram) throws -> [String] {
    try #require(outcome.status == 0, "\(outcome.error)")
    return outcome.output.split(separator: "\n").map(String.init)
  }

  @Test func everyKernelIsRun() throws {
    let header = try String(contentsOf: Self.kernels.appendingPathComponent("include/VectorKernels.h"), encoding: .utf8)
    let program = try String(contentsOf: Self.program, encoding: .utf8)
    // Kernels that compute nothing.
    let others: Set<String> = ["vk_pause", "vk_product_scratch", "vk_packed_count"]
    let functions = Set(header.matches(of: /(vk_[a-z0-9_]+)\(/).map { String($0.1) }).subtracting(others)
    #expect(functions.count > 40)
    for function in functions.sorted() { #expect(program.contains(function + "("), "\(function) is not run") }
  }

  @Test(.enabled(if: isThere("clang"))) func bitsDoNotDependOnTheInstructions() throws {
    let folder = try TemporaryFolder()
    try Self.compile(to: folder("kernels"))
    func run(_ instructions: String) throws -> [String] {
      try Self.hashes(FinishedProgram(folder("kernels"), [], environment: ["JACQUARD_VECTORS": instructions]))
    }
    let (best, limited, plain) = try (run("avx512"), run("avx2"), run("plain"))
    #expect(best.count > 100)
    #expect(best == limited)
    // Without the instruction only the products keep the promise, at a cost.
    let products = { (lines: [String]) in lines.filter { $0.hasPrefix("product") } }
    #expect(products(best).count == 77)
    #expect(products(plain) == products(best))
    // Bytes need no such instruction. The program compares the forms that are allowed with plain loops.
    let bytes = { (lines: [String]) in lines.filter { $0.hasPrefix("bytes") } }
    #expect(bytes(best).count == 30)
    #expect(bytes(plain) == bytes(best))
  }

  @Test(.enabled(if: emulatesARM)) func bitsAreTheSameOnARM() throws {
    let folder = try TemporaryFolder()
    try Self.compile(to: folder("kernels"))
    try Self.compile(
      to: folder("arm"),
      ["--target=aarch64-linux-gnu", "-fuse-ld=lld", "-nostdlibinc", "-isystem", "\(Self.arm)/include"])
    let here = try Self.hashes(FinishedProgram(folder("kernels"), []))
    let there = try Self.hashes(
      FinishedProgram("/usr/bin/env", ["qemu-aarch64", "-L", Self.arm, folder("arm")]))
    #expect(here == there)
  }
}
