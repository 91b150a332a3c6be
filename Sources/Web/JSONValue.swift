/// JSON whose names are known only when it is made.
enum JSONValue: Encodable, Equatable, Sendable {
  case text(String)
  case number(Double)
  case integer(Int)
  case flag(Bool)
  case list([JSONValue])
  case object([String: JSONValue])

  func encode(to encoder: any Encoder) throws {
    var c = encoder.singleValueContainer()
    switch self {
    case .text(let v): try c.encode(v)
    case .number(let v): try c.encode(v)
    case .integer(let v): try c.encode(v)
    case .flag(let v): try c.encode(v)
    case .list(let v): try c.encode(v)
    case .object(let v): try c.encode(v)
    }
  }

  subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }
}
