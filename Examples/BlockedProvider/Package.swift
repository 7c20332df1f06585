// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "blocked-provider",
    products: [
        .library(name: "BlockedProvider", targets: ["BlockedProvider"]),
        .executable(name: "blocked-weft", targets: ["blocked-weft"]),
    ],
    dependencies: [.package(name: "weft", path: "../..")],
    targets: [
        .target(
            name: "BlockedProvider",
            dependencies: [
                .product(name: "WeftProvider", package: "weft"), .product(name: "WeftProviderKit", package: "weft"),
            ]),
        .executableTarget(
            name: "blocked-weft",
            dependencies: [
                "BlockedProvider", .product(name: "Weft", package: "weft"),
                .product(name: "WeftCommand", package: "weft"),
            ]),
        .testTarget(
            name: "BlockedProviderTests",
            dependencies: [
                "BlockedProvider", "blocked-weft", .product(name: "Weft", package: "weft"),
                .product(name: "WeftProviderKit", package: "weft"),
                .product(name: "WeftProviderTesting", package: "weft"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
