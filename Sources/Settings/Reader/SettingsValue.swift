import Yams

/// One value as written somewhere, before it has a type.
struct SettingsValue {
  /// From the environment or the command line it is text; from the file a node.
  enum Form {
    case text(String)
    case node(Node)
  }

  let form: Form
  let place: SettingsPlace
  /// `broker.port`
  let key: String

  /// The text of a scalar; nil for lists and mappings.
  var scalar: String? {
    switch form {
    case .text(let t): t
    case .node(let n): n.scalar?.string
    }
  }

  /// What was found, for messages.
  var found: String {
    switch form {
    case .text(let t): "\"\(t)\""
    case .node(.scalar(let s)): "\"\(s.string)\""
    case .node(.sequence): "a list"
    default: "a mapping"
    }
  }

  var foundJapanese: String {
    switch form {
    case .text, .node(.scalar): "「\(scalar ?? "")」"
    case .node(.sequence): "リスト"
    default: "キーと値の組"
    }
  }

  /// `key:` with nothing behind it, `~` or `null`.
  var isNull: Bool {
    guard case .node(.scalar(let s)) = form, s.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(s.string)
  }

  /// The place of a node within this value: its own line in the file, else where the whole text came from.
  func place(of node: Node) -> SettingsPlace {
    guard case .file(let path, let line) = place else { return place }
    return .file(path, line: node.mark?.line ?? line)
  }

  /// The value as a list or mapping. Text is read as YAML, so that lists can come from the environment: `[a, b]`.
  func structure(_ log: ProblemLog) -> Node? {
    switch form {
    case .node(let n): return n
    case .text(let t):
      do {
        return try Yams.compose(yaml: t)
      } catch {
        log.add(
          place, key, "YAML として読めません。例: [a, b] または {キー: 値}", "not readable as YAML; write for example [a, b] or {key: value}")
        return nil
      }
    }
  }

  func wrong(_ log: ProblemLog, _ japanese: String, _ english: String) {
    log.add(place, key, "\(japanese)（いまの値: \(foundJapanese)）", "\(english), found \(found)")
  }

  /// As `wrong`, without repeating what was found.
  func say(_ log: ProblemLog, _ japanese: String, _ english: String) { log.add(place, key, japanese, english) }
}
