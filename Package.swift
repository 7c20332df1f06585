// swift-tools-version: 6.1
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swiftSettings)
}

func test(_ module: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: module + "Tests", dependencies: [.byName(name: module)] + dependencies, exclude: exclude,
        swiftSettings: swiftSettings)
}

/// A benchmark: built when asked for by name, by nobody's product.
func benchmark(_ name: String, _ folder: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["BenchmarkSupport", .product(name: "ArgumentParser", package: "swift-argument-parser")]
            + dependencies,
        path: "Benchmarks/\(folder)", swiftSettings: swiftSettings)
}

/// The modules of the engine.
let engine: [Target.Dependency] = [
    "WeftExecution", "WeftInterpreter", "WeftPlacement", "WeftPlanning", "WeftRuntime",
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "weft",
    products: [
        .library(name: "Weft", targets: ["Weft"]),
        .library(name: "WeftProvider", targets: ["WeftProvider"]),
        .library(name: "WeftProviderKit", targets: ["WeftProviderKit"]),
        .library(name: "WeftProviderTesting", targets: ["WeftProviderTesting"]),
        .library(name: "WeftVision", targets: ["WeftVision"]),
        .library(name: "WeftCommand", targets: ["WeftCommand"]),
        .executable(name: "weft", targets: ["weft"]),
    ],
    traits: [
        .trait(name: "OpenBLAS", description: "The openblas provider; the library is opened at run time."),
        .trait(
            name: "Vulkan", description: "The vulkan provider; needs the Vulkan headers, opens the loader at run time."),
        .trait(name: "Pictures", description: "Reading, drawing and writing pictures through libgd."),
        .default(enabledTraits: ["OpenBLAS", "Vulkan", "Pictures"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // C: loops, bytes, headers.
        .target(name: "CWeftKernels"),
        .target(name: "CWeftShaders"),
        .target(name: "COpenBLAS"),
        .systemLibrary(name: "CVulkan"),
        .systemLibrary(name: "CPictures"),

        // The contract, and what a model means.
        library("WeftTypes"),
        library("WeftProvider", ["WeftTypes"]),
        library("WeftProviderKit", ["WeftProvider"]),
        library("WeftGraph", ["WeftProvider"]),
        library("WeftONNX", ["WeftGraph", "WeftProvider"]),

        // The engine, floor by floor: each knows those above it alone.
        library("WeftPlacement"),
        library("WeftInterpreter", ["WeftGraph", "WeftProvider"]),
        library("WeftPlanning", ["WeftGraph", "WeftInterpreter", "WeftPlacement", "WeftProvider", "WeftProviderKit"]),
        library(
            "WeftExecution",
            ["WeftGraph", "WeftInterpreter", "WeftPlacement", "WeftPlanning", "WeftProvider", logging]),
        library(
            "WeftRuntime",
            [
                "WeftExecution", "WeftGraph", "WeftInterpreter", "WeftPlacement", "WeftPlanning", "WeftProvider",
                "WeftProviderKit", logging,
            ]),

        library("WeftProviderTesting", ["WeftProvider", "WeftProviderKit"]),

        // The providers.
        library("WeftCPU", ["WeftProvider", "WeftProviderKit", "CWeftKernels"]),
        library("WeftOpenBLAS", ["WeftProvider", "WeftProviderKit", "COpenBLAS", "CWeftKernels"]),
        library(
            "WeftVulkan",
            [
                "WeftProvider", "WeftProviderKit", "CWeftShaders",
                .target(name: "CVulkan", condition: .when(traits: ["Vulkan"])),
            ],
            exclude: ["Shaders"]),

        // What people import.
        library(
            "Weft",
            [
                "WeftProvider", "WeftProviderKit", "WeftGraph", "WeftONNX", "WeftCPU", "WeftOpenBLAS", "WeftVulkan",
                logging,
            ] + engine),
        library("WeftVision", ["Weft", .target(name: "CPictures", condition: .when(traits: ["Pictures"]))]),
        library(
            "WeftCommand",
            ["Weft", "WeftVision", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .executableTarget(name: "weft", dependencies: ["WeftCommand"], swiftSettings: swiftSettings),

        .target(name: "CBenchmarks", dependencies: ["CWeftKernels"], path: "Benchmarks/Peak"),
        .target(
            name: "BenchmarkSupport", dependencies: ["CBenchmarks", "CWeftKernels"], path: "Benchmarks/Support",
            swiftSettings: swiftSettings),
        benchmark(
            "PartitioningBenchmarks", "Partitioning",
            ["WeftCPU", "WeftGraph", "WeftProvider", "WeftProviderKit", "WeftProviderTesting"] + engine),
        benchmark(
            "PlacementQuality", "Quality",
            ["Weft", "WeftCPU", "WeftGraph", "WeftProvider", "WeftProviderKit", "WeftProviderTesting", "WeftVulkan"]
                + engine),
        benchmark(
            "KernelBenchmarks", "Kernels",
            ["WeftCPU", "WeftGraph", "WeftOpenBLAS", "WeftProvider", "WeftProviderKit", "WeftProviderTesting"] + engine),

        test("CWeftKernels"),
        test("WeftProvider", ["WeftProviderKit"]),
        test("WeftGraph", ["WeftProvider", "WeftONNX"]),
        test("WeftONNX", ["WeftGraph", "WeftProvider"], exclude: ["Fixtures"]),
        test(
            "WeftRuntime",
            ["WeftGraph", "WeftProvider", "WeftProviderKit", "WeftCPU", "WeftProviderTesting"]
                + engine.dropLast()),
        test("WeftCPU", ["WeftProvider", "WeftProviderKit", "WeftProviderTesting", "WeftGraph"]),
        test("WeftOpenBLAS", ["WeftProvider", "WeftProviderKit", "WeftProviderTesting", "WeftGraph"] + engine),
        test("WeftVulkan", ["WeftProvider", "WeftProviderKit", "WeftProviderTesting"]),
        test(
            "Weft", ["WeftProvider", "WeftProviderKit", "WeftProviderTesting", "WeftCPU", logging],
            exclude: ["Fixtures"]),
        test("WeftVision", ["Weft"]),
        test("WeftCommand", ["Weft"], exclude: ["Fixtures"]),
        .testTarget(
            name: "GuideTests",
            dependencies: [
                "Weft", "WeftProvider", "WeftProviderKit", "WeftVision", "WeftCommand", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: swiftSettings),
    ]
)
