// swift-tools-version: 6.2
import PackageDescription

/// Fuzzers over the public surface of what reads foreign bytes. Built with libFuzzer and AddressSanitizer by `make fuzz`.
let fuzzing: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]

let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "mizumori", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz-core", dependencies: [.product(name: "MizumoriCore", package: "mizumori")], path: "Core",
      swiftSettings: fuzzing, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])])
  ]
)
