import Web

extension FixtureSource {
  func events(openOnly: Bool, limit: Int, municipalities: Set<String>) throws -> [EventSummary] { [] }

  func event(_ key: String) throws -> EventSummary? {
    if key == "broken" { throw Broken() }
    return nil
  }
}
