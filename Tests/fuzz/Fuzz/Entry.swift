import Foundation

/// What is fuzzed: bytes in, and a trap when a promise is broken.
enum Target: String, CaseIterable {
  case canonical, topic, settings, export, series, checkpoint, http

  func run(_ bytes: [UInt8]) {
    switch self {
    case .canonical: fuzzCanonical(bytes)
    case .topic: fuzzTopic(bytes)
    case .settings: fuzzSettings(bytes)
    case .export: fuzzExport(bytes)
    case .series: fuzzSeries(bytes)
    case .checkpoint: fuzzCheckpoint(bytes)
    case .http: fuzzHTTP(bytes)
    }
  }
}

/// `FUZZ_TARGET` names it.
private let target = Target(rawValue: ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? "")

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  guard let target else { fatalError("FUZZ_TARGET must be one of \(Target.allCases.map(\.rawValue).joined(separator: ", "))") }
  target.run(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}

/// A promise; also in release builds.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
  if !holds { fatalError(promise()) }
}
