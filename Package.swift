// swift-tools-version: 6.2
import PackageDescription

// The targets, from the ground up; a dependency only ever points down (see "Architecture" in CONTRIBUTING.md).

/// The settings that every target of this project is compiled with. `Lifetimes` lets our own types hand out spans of the memory they own.
let commonSettings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// The sanitizer that `scripts/sanitize` builds with, which an option of `swift test` asks for; what else it needs stands here.
let sanitizer = Context.environment["SANITIZED_JACQUARD"]
let isSanitized = sanitizer != nil

let package = Package(
  name: "jacquard",
  products: [
    .library(name: "Jacquard", targets: ["Jacquard"]),
    .executable(name: "jacquard", targets: ["JacquardCommandLine"]),
    // For the tests of the command line only, which load it into the command.
    .library(name: "FaultInjection", type: .dynamic, targets: ["FaultInjection"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Without its traits, which add streams and masks that nothing here uses.
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
  ],
  targets: [
    // Small targets at the bottom.
    .target(name: "Support", exclude: ["README.md"], swiftSettings: commonSettings),
    .systemLibrary(
      name: "CCrypto", path: "Modules/CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "Files", dependencies: ["CCrypto", "Support"], exclude: ["README.md"], swiftSettings: commonSettings),
    .target(name: "Randomness", dependencies: ["Support"], exclude: ["README.md"], swiftSettings: commonSettings),

    // What data sets and the engine have in common.
    .target(
      name: "Samples", dependencies: ["Randomness", "Support"], exclude: ["README.md"], swiftSettings: commonSettings),

    // Loops in C, which the targets above call with lengths that they have checked.
    .target(
      name: "VectorKernels", exclude: ["README.md"],
      cSettings: [.treatAllWarnings(as: .error)]
        // What Swift traps on, a sanitizer finds in C.
        + (isSanitized ? [.unsafeFlags(["-fsanitize=undefined", "-fno-sanitize-recover=undefined"])] : [])),

    // Matrix products and decompositions.
    .systemLibrary(
      name: "CBLAS", path: "Modules/CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "BLASProbe", exclude: ["README.md"], cSettings: [.treatAllWarnings(as: .error)]),
    .target(
      name: "BLAS", dependencies: ["BLASProbe", "CBLAS", "Support", "VectorKernels"], exclude: ["README.md"],
      swiftSettings: commonSettings),

    // The engine.
    .target(
      name: "JacquardEngine", dependencies: ["BLAS", "Randomness", "Samples", "Support", "VectorKernels"],
      exclude: ["README.md"], swiftSettings: commonSettings),

    // Data sets and files.
    .systemLibrary(name: "CZlib", path: "Modules/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Compression", dependencies: ["CZlib", "Support"], exclude: ["README.md"], swiftSettings: commonSettings),
    .target(
      name: "NumPy", dependencies: ["Compression", "Files", "Support"], exclude: ["README.md"],
      swiftSettings: commonSettings),
    .systemLibrary(name: "CPNG", path: "Modules/CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", path: "Modules/CTurboJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"])]),
    // Of Debian's package, the library that decodes and the one that finds the frames of moving pictures.
    .systemLibrary(
      name: "CWebP", path: "Modules/CWebP", pkgConfig: "libwebpdemux", providers: [.apt(["libwebp-dev"])]),
    .target(
      name: "Photographs", dependencies: ["CPNG", "CTurboJPEG", "CWebP", "Support"], exclude: ["README.md"],
      swiftSettings: commonSettings),
    .target(
      name: "Datasets",
      dependencies: ["Compression", "Files", "NumPy", "Photographs", "Randomness", "Samples", "Support"],
      exclude: ["README.md"],
      swiftSettings: commonSettings),
    // Generated, so without the common settings.
    .target(
      name: "ONNXSchema", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["README.md", "generate", "onnx.proto"]),
    .target(
      name: "Interchange",
      dependencies: [
        "Files", "JacquardEngine", "NumPy", "ONNXSchema", "Support",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["README.md"], swiftSettings: commonSettings),

    // What packages import that use this one.
    .target(
      name: "Jacquard", dependencies: ["Datasets", "Interchange", "JacquardEngine", "Samples"], exclude: ["README.md"],
      swiftSettings: commonSettings),

    // Pictures from plain values.
    .systemLibrary(name: "CCairo", path: "Modules/CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    .target(
      name: "Figures", dependencies: ["CCairo", "Support"], exclude: ["README.md"], swiftSettings: commonSettings),

    // What the command line stands on, from the ground up.
    .target(
      name: "Terminal", dependencies: ["Figures", "Files", "Support"], exclude: ["README.md"],
      swiftSettings: commonSettings),
    .target(
      name: "Runs",
      dependencies: [
        "BLAS", "Datasets", "Figures", "Files", "Interchange", "JacquardEngine", "NumPy", "Photographs", "Support",
        "Terminal",
      ],
      exclude: ["README.md"], swiftSettings: commonSettings),
    .target(
      name: "Studies",
      dependencies: [
        "BLAS", "Datasets", "Figures", "Files", "Interchange", "JacquardEngine", "NumPy", "Randomness", "Runs",
        "Support", "Terminal",
      ],
      exclude: ["README.md"], swiftSettings: commonSettings),
    .target(
      name: "Benchmarking",
      dependencies: ["BLAS", "Datasets", "Files", "JacquardEngine", "Randomness", "Runs", "Support", "Terminal"],
      exclude: ["README.md"], swiftSettings: commonSettings),

    // The command line: one file per verb.
    .target(
      name: "Commands",
      dependencies: [
        "BLAS", "Benchmarking", "Datasets", "Figures", "Files", "Interchange", "JacquardEngine", "NumPy",
        "Photographs", "Runs", "Studies", "Support", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md"], swiftSettings: commonSettings),
    .target(name: "ProcessorCheck", exclude: ["README.md"], cSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "JacquardCommandLine", dependencies: ["Commands", "ProcessorCheck"], path: "Sources/Executable",
      exclude: ["README.md"], swiftSettings: commonSettings,
      // The binary carries Swift's runtime. A flag of `swift build` would do the same, but `swift test` does not take it,
      // and each would undo the other's build.
      // Of Foundation only the essentials are linked, with the two libraries that those stand on.
      // ThreadSanitizer stands in front of libdispatch, which has to be a shared library for that.
      linkerSettings: sanitizer == "thread"
        ? []
        : [
          .unsafeFlags(
            ["-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims"], .when(platforms: [.linux]))
        ]),

    // Tests, and what they share.
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter", exclude: ["README.md"]),
    // What fuzzers and the tests of their corpora call; the fuzzer itself is built by `make fuzz` only (see below).
    .target(
      name: "FuzzReaders",
      dependencies: [
        "BLAS", "Benchmarking", "Commands", "Datasets", "Figures", "Interchange", "JacquardEngine", "NumPy",
        "Photographs", "Runs", "Studies", "Support",
      ],
      path: "Fuzz/Readers", swiftSettings: commonSettings),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzReaders"], swiftSettings: commonSettings),
    // Loaded in front of a sanitizer, so without one.
    .target(
      name: "FaultInjection", path: "Tests/FaultInjection", exclude: ["README.md"],
      cSettings: isSanitized ? [.unsafeFlags(["-fno-sanitize=all"])] : []),
    .target(name: "TestSupport", path: "Tests/TestSupport", exclude: ["README.md"], swiftSettings: commonSettings),
    // Compares what the sources import with the table in CONTRIBUTING.
    .testTarget(name: "ArchitectureTests", swiftSettings: commonSettings),
    .testTarget(
      name: "BLASTests", dependencies: ["BLAS", "TestSupport"], exclude: ["README.md"], swiftSettings: commonSettings),
    .testTarget(name: "BenchmarkingTests", dependencies: ["Benchmarking"], swiftSettings: commonSettings),
    // Runs the built binary. It does not depend on the executable, whose static runtime the tests cannot share:
    // `swift test` builds every product anyway.
    .testTarget(
      name: "CommandsTests",
      dependencies: [
        "BLAS", "Benchmarking", "Commands", "Datasets", "Figures", "Files", "Interchange", "Jacquard", "NumPy",
        "Photographs", "Runs", "Studies", "Support", "Terminal", "TestSupport",
      ],
      swiftSettings: commonSettings),
    .testTarget(name: "CompressionTests", dependencies: ["Compression"], swiftSettings: commonSettings),
    // Runs other people's programs in a Python environment, if JACQUARD_CONFORMANCE names it.
    .testTarget(
      name: "Conformance",
      dependencies: ["Datasets", "Interchange", "JacquardEngine", "NumPy", "Photographs", "Randomness", "TestSupport"],
      exclude: ["Fixtures", "README.md", "make-environment", "onnx-cases.txt", "python", "requirements.txt"],
      swiftSettings: commonSettings),
    .testTarget(
      name: "DatasetsTests", dependencies: ["AllocationCounter", "Datasets", "Files", "NumPy", "TestSupport"],
      swiftSettings: commonSettings),
    .testTarget(
      name: "FiguresTests", dependencies: ["Figures", "Photographs", "TestSupport"], swiftSettings: commonSettings),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: commonSettings),
    .testTarget(
      name: "InterchangeTests",
      dependencies: [
        "AllocationCounter", "Files", "Interchange", "JacquardEngine", "NumPy", "ONNXSchema", "TestSupport",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Fixtures"], swiftSettings: commonSettings),
    .testTarget(
      name: "JacquardEngineTests",
      dependencies: ["AllocationCounter", "JacquardEngine", "BLAS", "Datasets", "Randomness", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: commonSettings),
    // Sees what is public, as a user of the package does.
    .testTarget(
      name: "OutsideTests", dependencies: ["Jacquard"], packageAccess: false, swiftSettings: commonSettings),
    // The example of README, compiled as a user of the package would compile it, and what is tested of the library as a whole.
    .executableTarget(
      name: "SwiftExample", dependencies: ["Jacquard"], path: "Examples/swift/Sources/Fashion", packageAccess: false),
    .testTarget(
      name: "JacquardTests", dependencies: ["Jacquard", "TestSupport"], swiftSettings: commonSettings),
    .testTarget(name: "NumPyTests", dependencies: ["NumPy"], swiftSettings: commonSettings),
    .testTarget(
      name: "PhotographsTests", dependencies: ["Photographs"], exclude: ["Fixtures"], swiftSettings: commonSettings),
    .testTarget(
      name: "RandomnessTests", dependencies: ["AllocationCounter", "Randomness"], swiftSettings: commonSettings),
    .testTarget(
      name: "RunsTests", dependencies: ["JacquardEngine", "Runs", "Support"], swiftSettings: commonSettings),
    // Runs scripts on machines made of stubs.
    .testTarget(name: "ScriptsTests", dependencies: ["TestSupport"], swiftSettings: commonSettings),
    .testTarget(name: "SamplesTests", dependencies: ["Samples"], swiftSettings: commonSettings),
    .testTarget(name: "SupportTests", dependencies: ["Support"], swiftSettings: commonSettings),
    .testTarget(
      name: "TerminalTests", dependencies: ["Figures", "Support", "Terminal", "TestSupport"],
      swiftSettings: commonSettings),
  ],
  swiftLanguageModes: [.v6]
)

// The C interface, whose header the compiler holds the implementation to; that came with Swift 6.3.
#if compiler(>=6.3)
  // `make install` puts it in place as libjacquard.so, and its objects as libjacquard.a.
  package.products.append(.library(name: "JacquardC", type: .dynamic, targets: ["JacquardC"]))
  package.targets += [
    .systemLibrary(name: "CJacquard", path: "Sources/JacquardC/include"),
    .target(
      name: "JacquardC",
      dependencies: ["BLAS", "CJacquard", "Files", "Interchange", "JacquardEngine", "Samples", "Support"],
      exclude: ["README.md", "exports.map", "include", "jacquard.pc.in", "make-archive"], swiftSettings: commonSettings,
      // The shared library carries Swift's runtime as the command line does, and shows nothing but what the header declares. It stays
      // loaded once it is: a runtime cannot be taken out of a process.
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims",
            "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/JacquardC/exports.map",
            "-Xlinker", "-soname=libjacquard.so.1", "-Xlinker", "-z", "-Xlinker", "nodelete", "-use-ld=lld",
          ]
            // A sanitizer's run time is in the program, not in the library.
            + (isSanitized ? [] : ["-Xlinker", "-z", "-Xlinker", "defs"]), .when(platforms: [.linux]))
      ]),
    // Installs the libraries into a folder and compiles programs in C and C++ against them.
    .testTarget(
      name: "CInterfaceTests", dependencies: ["Interchange", "TestSupport"], exclude: ["Programs", "valgrind.supp"],
      swiftSettings: commonSettings),
  ]
#endif

// An executable without a main of its own: libFuzzer's is linked when the whole package is built with `--sanitize fuzzer`, and only then.
if Context.environment["JACQUARD_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "jacquard-fuzz", dependencies: ["FuzzReaders"], path: "Fuzz/Entry",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
