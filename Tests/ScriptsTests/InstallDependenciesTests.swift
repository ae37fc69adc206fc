import Foundation
import TestSupport
import Testing

/// `scripts/install-dependencies` on machines that lack something.
struct InstallDependenciesTests {
  private static let libraries = [
    "openblas", "zlib", "libcrypto", "cairo", "libpng", "libturbojpeg", "libwebp", "libwebpdemux",
  ]
  private static let packages = [
    "libopenblas-dev", "zlib1g-dev", "libssl-dev", "libcairo2-dev", "libpng-dev", "libturbojpeg0-dev", "libwebp-dev",
    "liblapacke",
  ]
  /// The data's package is requested if its folder, whose path is fixed, is missing.
  private static let data =
    FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist") ? [] : ["dataset-fashion-mnist"]

  @Test func whatIsMissingIsInstalledInOneCall() throws {
    let machine = try StubMachine(missing: Self.libraries, lacksPkgConfig: true)
    let outcome = try machine.run()
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(machine.packages == ["pkg-config"] + Self.packages + Self.data)
    #expect(machine.log.count == 2)
    #expect(machine.log.first == "apt-get update -qq")
    #expect(outcome.output.contains("install-dependencies: nothing is missing"))
  }

  /// Each single library, and each pair: two libraries may come in the same package.
  @Test func everyPairOfLibrariesIsInstalled() throws {
    let package = Dictionary(
      uniqueKeysWithValues: zip(Self.libraries, Self.packages.prefix(7) + ["libwebp-dev"]))
    for (place, first) in Self.libraries.enumerated() {
      for second in Self.libraries[place...].prefix(2) + ["libwebpdemux"] {
        let machine = try StubMachine(missing: [first, second])
        try machine.addData()
        let outcome = try machine.run()
        #expect(outcome.status == 0, "\(first) and \(second): \(outcome.error)")
        let expected = Set([first, second].compactMap { package[$0] } + ["liblapacke"])
        #expect(machine.packages.count == expected.count && Set(machine.packages) == expected, "\(first) and \(second)")
      }
    }
  }

  @Test func aCompleteMachineStaysAsItIs() throws {
    let machine = try StubMachine()
    try machine.addData()
    let outcome = try machine.run()
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.split(separator: "\n").count == 1)
    #expect(outcome.output.hasPrefix("install-dependencies: nothing is missing"))
    #expect(outcome.error == "")
    #expect(machine.log == [])
  }

  @Test func withoutRootItSaysWhatToRun() throws {
    let machine = try StubMachine(missing: Self.libraries, isRoot: false)
    let outcome = try machine.run()
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    let command = "apt-get update && apt-get install --yes --no-install-recommends "
    #expect(outcome.error.contains(command + (Self.packages + Self.data).joined(separator: " ") + "\n"))
    #expect(machine.log == [])
  }

  @Test func sudoThatAsksForNothingIsUsed() throws {
    let machine = try StubMachine(missing: ["cairo"], isRoot: false, hasSudo: true)
    try machine.addData()
    let outcome = try machine.run()
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(machine.packages == ["libcairo2-dev", "liblapacke"])
    #expect(machine.log.contains("sudo -n apt-get update -qq"))
    #expect(machine.log.contains { $0.hasPrefix("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install --yes") })
  }

  /// A package that is installed but not found is not installed again; the script says where to look.
  @Test func whatIsInstalledAndNotFoundIsAnError() throws {
    let machine = try StubMachine(missing: ["libpng"], installed: ["libpng-dev", "liblapacke"])
    try machine.addData()
    let outcome = try machine.run()
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("pkg-config does not find all of"))
    #expect(outcome.error.contains("PKG_CONFIG_PATH"))
    #expect(machine.log == [])
  }

  @Test func testsNeedMore() throws {
    let machine = try StubMachine(missing: ["zlib"])
    try machine.addData()
    let outcome = try machine.run("tests")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(Set(["zlib1g-dev", "g++", "valgrind"]).isSubset(of: machine.packages))
    #expect(Set(machine.packages).count == machine.packages.count)
  }
}
