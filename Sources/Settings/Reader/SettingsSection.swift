import Yams

/// One mapping of the settings. Remembers the keys that were asked for, so that `finish()` can name the ones that nobody knows.
struct SettingsSection {
  /// Where messages place it: `broker`, `topics[0]`, `sensors.ina/nishi/m01/flow`; empty for the whole file.
  let path: String
  let place: SettingsPlace
  let log: ProblemLog
  /// Nil within lists and named entries, whose keys can be overridden only as a whole.
  let overrides: Overrides?
  private let pairs: [(key: String, keyNode: Node, value: Node)]
  private var known: [String] = []

  init(path: String, node: Node?, place: SettingsPlace, log: ProblemLog, overrides: Overrides? = nil) {
    self.path = path
    self.place = place
    self.log = log
    self.overrides = overrides
    var pairs: [(String, Node, Node)] = []
    switch node {
    case .mapping(let m)?:
      for (key, value) in m { pairs.append((key.scalar?.string ?? "", key, value)) }
    case nil: break
    case let node?:
      let value = SettingsValue(form: .node(node), place: place, key: path)
      if !value.isNull {
        value.wrong(log, "「キー: 値」の形で書いてください", "expected \"key: value\" lines")
      }
    }
    self.pairs = pairs
  }

  private func line(of node: Node) -> SettingsPlace {
    guard case .file(let file, let line) = place else { return place }
    return .file(file, line: node.mark?.line ?? line)
  }

  private mutating func note(_ key: String) {
    if !known.contains(key) { known.append(key) }
  }

  func fullKey(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The value of a key from the command line, the environment or the file, in this order; nil when none sets it.
  mutating func value(_ key: String) -> SettingsValue? {
    note(key)
    if let over = overrides?.value(fullKey(key)) {
      return SettingsValue(form: .text(over.text), place: over.place, key: fullKey(key))
    }
    guard let pair = pairs.first(where: { $0.key == key }) else { return nil }
    let value = SettingsValue(form: .node(pair.value), place: line(of: pair.keyNode), key: fullKey(key))
    return value.isNull ? nil : value
  }

  /// A section within this one.
  mutating func section(_ key: String) -> SettingsSection {
    note(key)
    let pair = pairs.first { $0.key == key }
    return SettingsSection(
      path: fullKey(key), node: pair?.value, place: pair.map { line(of: $0.keyNode) } ?? place, log: log, overrides: overrides)
  }

  /// The entries of a mapping with free keys, each a section.
  mutating func entries(_ key: String) -> [(name: String, section: SettingsSection)] {
    guard let value = value(key), let node = value.structure(log) else { return [] }
    guard case .mapping(let m) = node else {
      value.wrong(log, "「名前: {…}」の形で書いてください", "expected \"name: {…}\" entries")
      return []
    }
    return m.map { name, entry in
      let text = name.scalar?.string ?? ""
      return (
        text, SettingsSection(path: "\(value.key).\(text)", node: entry, place: value.place(of: name), log: log)
      )
    }
  }

  /// The entries of a list of mappings; nil when the key is not set.
  mutating func list(_ key: String) -> [SettingsSection]? {
    guard let value = value(key), let node = value.structure(log) else { return nil }
    guard case .sequence(let items) = node else {
      value.wrong(log, "「- 」で始まるリストを書いてください", "expected a list of \"- \" items")
      return nil
    }
    return items.enumerated().map { n, item in
      SettingsSection(path: "\(value.key)[\(n)]", node: item, place: value.place(of: item), log: log)
    }
  }

  /// Names the unknown keys.
  func finish() {
    for pair in pairs where !known.contains(pair.key) {
      let (ja, en) = unknownText(pair.key, known: known)
      log.add(line(of: pair.keyNode), fullKey(pair.key), ja, en)
    }
  }
}
