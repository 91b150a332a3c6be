// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product does not depend on the benchmark harness.
// `traits: []` leaves out jemalloc: its counts are not used, and the machine need not have it.
let harness = Target.Dependency.product(name: "Benchmark", package: "benchmark")
let plugin = Target.PluginUsage.plugin(name: "BenchmarkPlugin", package: "benchmark")
let core = Target.Dependency.product(name: "MizumoriCore", package: "mizumori")
let service = Target.Dependency.product(name: "MizumoriService", package: "mizumori")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
  name: "mizumori-benchmarks",
  dependencies: [
    .package(name: "mizumori", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .executableTarget(
      name: "CodecBenchmarks", dependencies: [harness, core], path: "Benchmarks/CodecBenchmarks", plugins: [plugin]),
    .executableTarget(
      name: "CoreBenchmarks", dependencies: [harness, core], path: "Benchmarks/CoreBenchmarks", plugins: [plugin]),
    .executableTarget(
      name: "StoreBenchmarks", dependencies: [harness, core, service], path: "Benchmarks/StoreBenchmarks", plugins: [plugin]),
    .executableTarget(
      name: "DeliveryBenchmarks", dependencies: [harness, core, service], path: "Benchmarks/DeliveryBenchmarks", plugins: [plugin]),
    .executableTarget(
      name: "PageBenchmarks", dependencies: [harness, core, service], path: "Benchmarks/PageBenchmarks", plugins: [plugin]),
    .executableTarget(
      name: "EndToEndBenchmarks", dependencies: [harness, core, service, logging], path: "Benchmarks/EndToEndBenchmarks",
      plugins: [plugin]),
  ]
)
