import Foundation

/// What is fuzzed: bytes in, and a trap when a promise is broken.
enum Target: String, CaseIterable {
  case canonical, shapes, senml, stack, chirpstack, fields, topic, settings, export, series, checkpoint, http, query

  func run(_ bytes: [UInt8]) {
    switch self {
    case .canonical: fuzzCanonical(bytes)
    case .shapes: fuzzShapes(bytes)
    case .senml: fuzzSenML(bytes)
    case .stack: fuzzStack(bytes)
    case .chirpstack: fuzzChirpStack(bytes)
    case .fields: fuzzFields(bytes)
    case .topic: fuzzTopic(bytes)
    case .settings: fuzzSettings(bytes)
    case .export: fuzzExport(bytes)
    case .series: fuzzSeries(bytes)
    case .checkpoint: fuzzCheckpoint(bytes)
    case .http: fuzzHTTP(bytes)
    case .query: fuzzQuery(bytes)
    }
  }
}

/// `FUZZ_TARGET` names it.
private let target = Target(rawValue: ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? "")

/// Of libFuzzer: calls back with inputs until its options say that it is enough.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ argc: UnsafeMutablePointer<CInt>, _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main enum Fuzz {
  static func main() {
    guard target != nil else { fatalError("FUZZ_TARGET must be one of \(Target.allCases.map(\.rawValue).joined(separator: ", "))") }
    var argc = CommandLine.argc
    var argv = CommandLine.unsafeArgv
    exit(
      runDriver(&argc, &argv) { data, size in
        target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
      })
  }
}

/// A promise; also in release builds.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
  if !holds { fatalError(promise()) }
}
