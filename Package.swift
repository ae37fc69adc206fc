// swift-tools-version: 6.2
import PackageDescription

// The targets, from the bottom up; a dependency only ever points down (see "Architecture" in CONTRIBUTING.md).

/// The settings of all targets of this project. `Lifetimes` lets our own types hand out spans of the memory that they own.
let commonSettings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// The sanitizer that `scripts/sanitize` uses. An option of `swift test` turns it on; its other settings are here.
let sanitizer = Context.environment["SANITIZED_JACQUARD"]
let isSanitized = sanitizer != nil

let package = Package(
  name: "jacquard",
  products: [
    .library(name: "Jacquard", targets: ["Jacquard"]),
    .executable(name: "jacquard", targets: ["JacquardCommandLine"]),
    // Only for the tests of the command line, which load it into the command.
    .library(name: "FaultInjection", type: .dynamic, targets: ["FaultInjection"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Without its traits, which add streams and masks that we do not use.
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

    // Loops in C. The targets above call them with checked lengths.
    .target(
      name: "VectorKernels", exclude: ["README.md"],
      cSettings: [.treatAllWarnings(as: .error)]
        // In C, a sanitizer finds what Swift traps on.
        + (isSanitized ? [.unsafeFlags(["-fsanitize=undefined", "-fno-sanitize-recover=undefined"])] : [])),

    // Matrix products and decompositions.
    // Only its header: OpenBLAS is loaded by the first product, because loading it takes a third of the start of a command that needs none.
    .systemLibrary(name: "CBLAS", path: "Modules/CBLAS", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "LinearAlgebraProbe", exclude: ["README.md"], cSettings: [.treatAllWarnings(as: .error)]),
    .target(
      name: "LinearAlgebra", dependencies: ["LinearAlgebraProbe", "CBLAS", "Support", "VectorKernels"],
      exclude: ["README.md"],
      swiftSettings: commonSettings),

    // The engine.
    .target(
      name: "JacquardEngine", dependencies: ["LinearAlgebra", "Randomness", "Samples", "Support", "VectorKernels"],
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
    // From Debian's package: the library that decodes, and the one that finds the frames of animations.
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

    // The library that other packages import.
    .target(
      name: "Jacquard", dependencies: ["Datasets", "Interchange", "JacquardEngine", "Samples"], exclude: ["README.md"],
      swiftSettings: commonSettings),

    // Figures from plain values.
    .systemLibrary(name: "CCairo", path: "Modules/CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    .target(
      name: "Figures", dependencies: ["CCairo", "Support"], exclude: ["README.md"], swiftSettings: commonSettings),

    // The foundations of the command line, from the bottom up.
    .target(
      name: "Terminal", dependencies: ["Figures", "Files", "Support"], exclude: ["README.md"],
      swiftSettings: commonSettings),
    .target(
      name: "Runs",
      dependencies: [
        "LinearAlgebra", "Datasets", "Figures", "Files", "Interchange", "JacquardEngine", "NumPy", "Photographs",
        "Support",
        "Terminal",
      ],
      exclude: ["README.md"], swiftSettings: commonSettings),
    .target(
      name: "Studies",
      dependencies: [
        "LinearAlgebra", "Datasets", "Figures", "Files", "Interchange", "JacquardEngine", "NumPy", "Photographs",
        "Randomness", "Runs",
        "Support", "Terminal",
      ],
      exclude: ["README.md"], swiftSettings: commonSettings),
    .target(
      name: "Benchmarking",
      dependencies: [
        "LinearAlgebra", "Datasets", "Files", "JacquardEngine", "Randomness", "Runs", "Support", "Terminal",
      ],
      exclude: ["README.md"], swiftSettings: commonSettings),

    // The command line: one file per verb. It computes nothing that takes time, and optimizing it would take a sixth of a clean build.
    .target(
      name: "Commands",
      dependencies: [
        "LinearAlgebra", "Benchmarking", "Datasets", "Figures", "Files", "Interchange", "JacquardEngine", "NumPy",
        "Photographs", "Runs", "Studies", "Support", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md"], swiftSettings: commonSettings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]
    ),
    .target(name: "ProcessorCheck", exclude: ["README.md"], cSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "JacquardCommandLine", dependencies: ["Commands", "ProcessorCheck"], path: "Sources/Executable",
      exclude: ["README.md"], swiftSettings: commonSettings,
      // The binary contains Swift's runtime. A flag of `swift build` would do the same, but `swift test` does not accept it, and each would undo the
      // other's build. Of Foundation, only the essentials are linked, with their two libraries. ThreadSanitizer intercepts libdispatch, which must be
      // a shared library for that.
      linkerSettings: sanitizer == "thread"
        ? []
        : [
          .unsafeFlags(
            ["-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims"], .when(platforms: [.linux]))
        ]),

    // Tests, and the code that they share.
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter", exclude: ["README.md"]),
    // The readers that fuzzers and the tests of their corpora call. Only `make fuzz` builds the fuzzer itself (see below).
    .target(
      name: "FuzzReaders",
      dependencies: [
        "LinearAlgebra", "Benchmarking", "Commands", "Datasets", "Figures", "Interchange", "JacquardEngine", "NumPy",
        "Photographs", "Runs", "Studies", "Support",
      ],
      path: "Fuzz/Readers", swiftSettings: commonSettings),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzReaders"], swiftSettings: commonSettings),
    // Loaded before a sanitizer, so built without one.
    .target(
      name: "FaultInjection", path: "Tests/FaultInjection", exclude: ["README.md"],
      cSettings: isSanitized ? [.unsafeFlags(["-fno-sanitize=all"])] : []),
    .target(name: "TestSupport", path: "Tests/TestSupport", exclude: ["README.md"], swiftSettings: commonSettings),
    // Runs the built binary. Neither this nor a test target depends on the executable, whose static runtime tests cannot share:
    // `swift test` builds every product anyway.
    .target(
      name: "CommandTestSupport", dependencies: ["Figures", "NumPy", "TestSupport"], path: "Tests/CommandTestSupport",
      exclude: ["README.md"], swiftSettings: commonSettings),
    // Compares the imports of the sources with the table in CONTRIBUTING.
    .testTarget(name: "ArchitectureTests", swiftSettings: commonSettings),
    .testTarget(
      name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "TestSupport"], exclude: ["README.md"],
      swiftSettings: commonSettings),
    .testTarget(
      name: "BenchmarkingTests",
      dependencies: ["Benchmarking", "CommandTestSupport", "Commands", "Support", "TestSupport"],
      swiftSettings: commonSettings),
    .testTarget(
      name: "CommandsTests",
      dependencies: [
        "LinearAlgebra", "CommandTestSupport", "Commands", "Datasets", "Figures", "Interchange", "NumPy", "Photographs",
        "Runs",
        "Support", "TestSupport",
      ],
      swiftSettings: commonSettings),
    .testTarget(name: "CompressionTests", dependencies: ["Compression"], swiftSettings: commonSettings),
    // Runs programs of other projects in a Python environment, if JACQUARD_CONFORMANCE names it.
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
      dependencies: ["AllocationCounter", "JacquardEngine", "LinearAlgebra", "Datasets", "Randomness", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: commonSettings),
    // Sees only public symbols, as a user of the package does.
    .testTarget(
      name: "OutsideTests", dependencies: ["Jacquard"], packageAccess: false, swiftSettings: commonSettings),
    // The example of README, compiled as a user of the package would compile it, and tests of the library as a whole.
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
      name: "RunsTests",
      dependencies: [
        "CommandTestSupport", "Figures", "Interchange", "JacquardEngine", "NumPy", "ONNXSchema", "Runs", "Support",
        "TestSupport", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: commonSettings),
    // Runs scripts on simulated machines.
    .testTarget(name: "ScriptsTests", dependencies: ["TestSupport"], swiftSettings: commonSettings),
    .testTarget(name: "SamplesTests", dependencies: ["Samples"], swiftSettings: commonSettings),
    .testTarget(
      name: "StudiesTests",
      dependencies: [
        "CommandTestSupport", "Datasets", "Interchange", "NumPy", "Photographs", "Studies", "TestSupport",
      ],
      swiftSettings: commonSettings),
    .testTarget(name: "SupportTests", dependencies: ["Support"], swiftSettings: commonSettings),
    .testTarget(
      name: "TerminalTests",
      dependencies: ["CommandTestSupport", "Commands", "Figures", "Support", "Terminal", "TestSupport"],
      swiftSettings: commonSettings),
    // Compiles the kernels and a program in C that calls each of them.
    .testTarget(
      name: "VectorKernelsTests", dependencies: ["TestSupport"], exclude: ["Programs"], swiftSettings: commonSettings),
  ],
  swiftLanguageModes: [.v6]
)

// The C interface. The compiler checks the implementation against the header, which needs Swift 6.3.
#if compiler(>=6.3)
  // `make install` installs it as libjacquard.so, and its objects as libjacquard.a.
  package.products.append(.library(name: "JacquardC", type: .dynamic, targets: ["JacquardC"]))
  package.targets += [
    .systemLibrary(name: "CJacquard", path: "Sources/JacquardC/include"),
    .target(
      name: "JacquardC",
      dependencies: ["LinearAlgebra", "CJacquard", "Files", "Interchange", "JacquardEngine", "Samples", "Support"],
      exclude: ["README.md", "exports.map", "include", "jacquard.pc.in", "make-archive"], swiftSettings: commonSettings,
      // The shared library contains Swift's runtime, like the command line, and exports only what the header declares. It stays loaded, because a
      // runtime cannot be removed from a process.
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims",
            "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/JacquardC/exports.map",
            "-Xlinker", "-soname=libjacquard.so.1", "-Xlinker", "-z", "-Xlinker", "nodelete", "-use-ld=lld",
            // A program in C expects its libraries at its start, and may link another BLAS.
            "-lopenblas",
          ]
            // A sanitizer's runtime belongs to the program, not to the library.
            + (isSanitized ? [] : ["-Xlinker", "-z", "-Xlinker", "defs"]), .when(platforms: [.linux]))
      ]),
    // Installs the libraries into a folder and compiles programs in C and C++ against them.
    .testTarget(
      name: "CInterfaceTests", dependencies: ["Interchange", "TestSupport"], exclude: ["Programs", "valgrind.supp"],
      swiftSettings: commonSettings),
  ]
#endif

// The server. Its packages are many, so that only `make server` resolves and builds them. With a trait, the targets would be part of every build
// and every test, and each of their files would have to be empty without it.
if Context.environment["JACQUARD_SERVER"] != nil {
  package.products.append(.executable(name: "jacquard-serve", targets: ["ServerExecutable"]))
  package.dependencies += [
    // Without its traits, which read configurations and link all of Foundation.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ]
  package.targets += [
    .target(
      name: "Server",
      dependencies: [
        "Commands", "Datasets", "Figures", "Files", "JacquardEngine", "Runs", "Samples", "Studies", "Support",
        "Terminal",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      exclude: ["README.md"],
      resources: ["app.js", "icon.svg", "index.html", "openapi.json", "style.css"].map { .embedInCode("Page/\($0)") },
      swiftSettings: commonSettings),
    .executableTarget(
      name: "ServerExecutable", dependencies: ["Commands", "ProcessorCheck", "Server"], exclude: ["README.md"],
      swiftSettings: commonSettings,
      linkerSettings: [
        .unsafeFlags(
          ["-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims"], .when(platforms: [.linux]))
      ]),
  ]
}

// An executable without a main: libFuzzer's is linked when the whole package is built with `--sanitize fuzzer`, and only then.
if Context.environment["JACQUARD_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "jacquard-fuzz", dependencies: ["FuzzReaders"], path: "Fuzz/Entry",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
