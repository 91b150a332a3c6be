import Yams

/// Why a scenario was refused, with file and line.
public struct ScenarioError: Error, CustomStringConvertible, Sendable {
  public let description: String
}

/// The keys of one mapping; knows which were asked for, so that the others can be refused.
struct ScenarioFields {
  private var map: [String: Node] = [:]
  private var lines: [String: Int] = [:]
  private var asked: Set<String> = []
  private let file: String
  let line: Int

  init(_ node: Node, file: String) throws(ScenarioError) {
    self.file = file
    line = node.mark?.line ?? 1
    guard case .mapping(let mapping) = node else { throw ScenarioError(description: "\(file):\(line): expected `key: value` lines") }
    for (key, value) in mapping {
      map[key.string ?? ""] = value
      lines[key.string ?? ""] = key.mark?.line ?? line
    }
  }

  /// Where a key stands, or the mapping where it does not.
  func line(of key: String) -> Int { lines[key] ?? line }

  func wrong(_ key: String, _ expected: String) -> ScenarioError {
    ScenarioError(description: "\(file):\(line(of: key)): `\(key)`: expected \(expected)")
  }

  mutating func optionalText(_ key: String) throws(ScenarioError) -> String? {
    asked.insert(key)
    guard let node = map[key] else { return nil }
    guard case .scalar(let scalar) = node else { throw wrong(key, "text") }
    return scalar.string
  }

  mutating func text(_ key: String, default fallback: String? = nil) throws(ScenarioError) -> String {
    guard let t = try optionalText(key) ?? fallback else { throw ScenarioError(description: "\(file):\(line): `\(key)` is missing") }
    return t
  }

  /// - Parameter fallback: nil where the key must stand.
  mutating func number(_ key: String, default fallback: Double?, in range: ClosedRange<Double>) throws(ScenarioError) -> Double {
    guard let t = try optionalText(key) else {
      guard let fallback else { throw ScenarioError(description: "\(file):\(line): `\(key)` is missing") }
      return fallback
    }
    guard let v = Double(t), range.contains(v) else { throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)") }
    return v
  }

  mutating func optionalNumber(_ key: String, in range: ClosedRange<Double>) throws(ScenarioError) -> Double? {
    try optionalText(key) == nil ? nil : try number(key, default: nil, in: range)
  }

  mutating func whole(_ key: String, default fallback: Int, in range: ClosedRange<Int>) throws(ScenarioError) -> Int {
    guard let t = try optionalText(key) else { return fallback }
    guard let v = Int(t), range.contains(v) else { throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") }
    return v
  }

  mutating func choice<C: RawRepresentable & CaseIterable>(_ key: String, default fallback: C? = nil) throws(ScenarioError) -> C
  where C.RawValue == String {
    guard let word = try optionalText(key) else {
      guard let fallback else { throw ScenarioError(description: "\(file):\(line): `\(key)` is missing") }
      return fallback
    }
    guard let c = C(rawValue: word) else { throw wrong(key, "one of " + C.allCases.map(\.rawValue).joined(separator: ", ")) }
    return c
  }

  mutating func list(_ key: String) throws(ScenarioError) -> [Node] {
    asked.insert(key)
    guard let node = map[key] else { return [] }
    guard case .sequence(let sequence) = node else { throw wrong(key, "a list") }
    return Array(sequence)
  }

  /// Refuses the keys that nobody asked for.
  func finish() throws(ScenarioError) {
    let unknown = map.keys.filter { !asked.contains($0) }.min { line(of: $0) < line(of: $1) }
    if let unknown { throw wrong(unknown, "no such key; known are " + asked.sorted().joined(separator: ", ")) }
  }
}

/// yes or no
enum ScenarioSwitch: String, CaseIterable {
  case no = "false"
  case yes = "true"
}
