// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house, from the ground up; a dependency only ever points down (see ARCHITECTURE in CONTRIBUTING.md).

/// What every target of ours is compiled with. `Lifetimes` lets our own types hand out spans of the memory they own.
let house: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

let package = Package(
  name: "jacquard",
  targets: [
    .target(name: "Randomness", exclude: ["README.md"], swiftSettings: house),
    .testTarget(name: "RandomnessTests", dependencies: ["AllocationCounter", "Randomness"], swiftSettings: house),
    .systemLibrary(name: "CZlib", path: "Modules/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Datasets", dependencies: ["CZlib", "Randomness"], exclude: ["README.md"], swiftSettings: house),
    .testTarget(name: "DatasetsTests", dependencies: ["AllocationCounter", "Datasets"], swiftSettings: house),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter", exclude: ["README.md"]),
  ],
  swiftLanguageModes: [.v6]
)
