// swift-tools-version: 6.2
import PackageDescription

/// Every target: Swift 6 language mode, warnings are errors, and members are visible only through direct imports.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let orderedCollections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
  name: "mizumori",
  products: [
    .executable(name: "mizumori", targets: ["mizumori"]),
    .executable(name: "mizumori-sim", targets: ["mizumori-sim"]),
    .library(name: "MizumoriCore", targets: ["Readings", "Codecs", "Detection"]),
    .library(name: "MizumoriService", targets: ["MQTT", "Store", "Series", "Backtest", "Settings", "Alerts", "Web", "Service"]),
  ],
  dependencies: [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // System C libraries: one importer each.
    .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // Of glibc: nothing to link or install.
    .systemLibrary(name: "CIdentity"),
    .systemLibrary(name: "CSpawn"),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CTimex"),
    // What processor and system can and Swift has no word for.
    .systemLibrary(name: "CMachine"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // The core: the standard library and, for the detector, `CMachine`.
    .target(name: "Readings", swiftSettings: strict),
    .target(name: "Codecs", dependencies: ["Readings"], swiftSettings: strict),
    .target(name: "Detection", dependencies: ["CMachine", "Readings"], swiftSettings: strict),

    // Around it: one job each.
    .target(name: "MQTT", dependencies: ["CMosquitto"], swiftSettings: strict),
    .target(name: "Store", dependencies: ["CIdentity", "CSQLite", "Readings"], swiftSettings: strict),
    .target(name: "Digests", dependencies: ["CCrypto"], swiftSettings: strict),
    .target(name: "Accounts", dependencies: ["Digests"], swiftSettings: strict),
    .target(name: "Alerts", dependencies: ["CCurl", "CSpawn", "Digests", "MQTT", "Readings"], swiftSettings: strict),
    .target(name: "Compression", dependencies: ["CZlib"], swiftSettings: strict),
    .target(name: "Series", dependencies: ["Compression", "Readings"], swiftSettings: strict),
    .target(
      name: "Backtest", dependencies: ["Detection", "Readings", "Series"], resources: [.embedInCode("Plot/Page")],
      swiftSettings: strict),
    .target(name: "Reports", dependencies: ["Readings"], resources: [.embedInCode("Page")], swiftSettings: strict),
    .target(
      name: "Web",
      dependencies: [
        "Accounts", "Compression", "Readings", "Reports", logging, hummingbird, hummingbirdCore,
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      resources: [.copy("Assets")],
      swiftSettings: strict),
    .target(name: "Fleet", dependencies: ["Alerts", "Settings"], swiftSettings: strict),
    .target(name: "Settings", dependencies: ["Codecs", "Readings", .product(name: "Yams", package: "Yams")], swiftSettings: strict),
    .target(
      name: "Service",
      dependencies: [
        "Accounts", "Alerts", "Codecs", "CTimex", "Detection", "Digests", "MQTT", "Readings", "Reports", "Series", "Settings", "Store",
        "Web", logging, orderedCollections,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "mizumori",
      dependencies: [
        "Accounts", "Alerts", "Backtest", "CMalloc", "Detection", "Fleet", "MQTT", "Readings", "Reports", "Series", "Service", "Settings",
        "Store", "Web",
        argumentParser,
        logging, hummingbird,
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ],
      swiftSettings: strict),

    // A town without sensors.
    .target(
      name: "TownModel", dependencies: ["Readings", .product(name: "Yams", package: "Yams")], path: "simulator/TownModel",
      swiftSettings: strict),
    .target(
      name: "TownTrial", dependencies: ["Detection", "Readings", "TownModel"], path: "simulator/TownTrial", swiftSettings: strict),
    .executableTarget(
      name: "mizumori-sim",
      dependencies: ["MQTT", "Readings", "Series", "TownModel", "TownTrial", argumentParser],
      path: "simulator/mizumori-sim", swiftSettings: strict),

    // Tests: units in memory, and the integration tier with the real broker, receiver and binary.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .target(name: "CAllocCounter", path: "Tests/CAllocCounter"),
    .testTarget(name: "ReadingsTests", dependencies: ["Readings"], swiftSettings: strict),
    .testTarget(name: "CodecsTests", dependencies: ["Codecs", "Readings", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "DetectionTests", dependencies: ["CAllocCounter", "Detection", "Readings", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "BacktestTests", dependencies: ["Backtest", "Detection", "Readings", "Series", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "AccountsTests", dependencies: ["Accounts", "Digests", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "FleetTests", dependencies: ["Alerts", "Fleet", "Settings", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "MQTTTests", dependencies: ["MQTT", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "StoreTests", dependencies: ["Readings", "Store", "TestSupport"], exclude: ["schemas"], swiftSettings: strict),
    .testTarget(name: "AlertsTests", dependencies: ["Alerts", "MQTT", "Readings", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "ReportsTests", dependencies: ["Readings", "Reports", "Series", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "CompressionTests", dependencies: ["Compression", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "SeriesTests", dependencies: ["Readings", "Series", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "SettingsTests", dependencies: ["Codecs", "Readings", "Settings"], swiftSettings: strict),
    .testTarget(name: "TownTrialTests", dependencies: ["Readings", "TownModel", "TownTrial"], swiftSettings: strict),
    .testTarget(name: "TownModelTests", dependencies: ["Codecs", "Readings", "Settings", "TownModel"], swiftSettings: strict),
    .testTarget(name: "WebTests", dependencies: ["Accounts", "Readings", "Reports", "TestSupport", "Web", logging], swiftSettings: strict),
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Alerts", "Codecs", "Detection", "Readings", "Series", "Service", "Settings", "Store", "TestSupport", "TownModel", "Web", logging,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests",
      dependencies: ["Alerts", "MQTT", "Readings", "Store", "TestSupport", "TownModel", "mizumori", "mizumori-sim"],
      swiftSettings: strict),
  ]
)
