import LinearAlgebra
import Foundation
import Testing

struct BLASLibraryTests {
  let library = BLASLibrary()

  @Test func libraryReportsNameVersionAndCore() throws {
    #expect(library.name == "OpenBLAS")
    #expect(library.version.split(separator: ".").prefix(2).allSatisfy { UInt($0) != nil })
    #expect(library.version.contains("."))
    #expect(library.description == "\(library.name) \(library.version)")
    #expect(library.configuration.hasPrefix(library.description))
    #expect(!library.core.isEmpty && !library.core.contains(" "))
  }

  @Test func libraryUsesOneThread() {
    #expect(library.threading != .unknown)
    BLASLibrary.prepare()
    #expect(BLASLibrary().threads == 1)
  }

  @Test func libraryNamesItsFiles() throws {
    // The paths are the files' own, so a symbolic link's version suffix may follow the name.
    #expect(try #require(library.productPath).contains("blas"))
    #expect(try #require(library.interfacePath).contains("liblapacke"))
    #expect(try #require(library.decompositionPath).hasPrefix("/"))
    #expect(library.interfaceFailure == nil)
  }

  @Test func libraryExplainsItsKernels() throws {
    let kernels = library.kernels
    #expect(kernels.core == library.core && kernels.canRun)
    #expect(kernels.requested == ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"])
    // No faster kernels exist unless the user, or a library for one processor only, decided otherwise.
    #expect(kernels.better == nil || kernels.requested != nil || !kernels.hasSeveral)
    #expect(library.kernelDescription == "\(library.core), \(kernels.reason)")
    #if arch(x86_64)
      let core = try #require(OpenBLASCore(named: library.core))
      #expect(core.vectors.name == kernels.vectors)
      #expect(core.runs(on: try #require(Processor.current)))
    #endif
  }

  @Test func queriesLeaveTheEnvironmentUnchanged() throws {
    let given = try String(contentsOfFile: "/proc/self/environ", encoding: .utf8).split(separator: "\0")
    let prefix = "OPENBLAS_CORETYPE="
    let before = given.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    #expect(unsafe getenv("OPENBLAS_CORETYPE").map { unsafe String(cString: $0) } == before)
  }
}
