// swift-tools-version: 6.2
import PackageDescription

// A package of its own: every module in it is built with libFuzzer's instrumentation (`make fuzz`), the product never is.
let package = Package(
  name: "mizumori-fuzz",
  dependencies: [.package(name: "mizumori", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [
        .product(name: "MizumoriCore", package: "mizumori"), .product(name: "MizumoriService", package: "mizumori"),
      ],
      path: "Fuzz", linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
  ]
)
