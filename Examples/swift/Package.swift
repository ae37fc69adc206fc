// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "fashion",
  // In your own package: .package(url: "…", branch: "main").
  dependencies: [.package(name: "jacquard", path: "../..")],
  targets: [
    .executableTarget(
      name: "Fashion",
      dependencies: [.product(name: "Jacquard", package: "jacquard")])
  ],
  swiftLanguageModes: [.v6]
)
