// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product does not depend on the benchmark harness.
// `traits: []` leaves out jemalloc: its counts are not used, and the machine need not have it.
let harness = Target.Dependency.product(name: "Benchmark", package: "benchmark")
let plugin = Target.PluginUsage.plugin(name: "BenchmarkPlugin", package: "benchmark")

let package = Package(
  name: "mizumori-benchmarks",
  dependencies: [
    .package(name: "mizumori", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "CodecBenchmarks", dependencies: [harness, .product(name: "MizumoriCore", package: "mizumori")],
      path: "Benchmarks/CodecBenchmarks", plugins: [plugin]),
    .executableTarget(
      name: "CoreBenchmarks", dependencies: [harness, .product(name: "MizumoriCore", package: "mizumori")],
      path: "Benchmarks/CoreBenchmarks", plugins: [plugin]),
    .executableTarget(
      name: "PageBenchmarks",
      dependencies: [
        harness, .product(name: "MizumoriCore", package: "mizumori"), .product(name: "MizumoriService", package: "mizumori"),
      ],
      path: "Benchmarks/PageBenchmarks", plugins: [plugin]),
  ]
)
