import Settings
import Testing

/// What a webhook must and may not be.
@Suite struct WebhookTests {
  static let rows: [(String, String)] = [
    ("name: a, url: \"https://x\"", "secret_file is missing"),
    ("url: \"https://x\", secret_file: s", "name is missing"),
    ("name: a, secret_file: s", "url is missing"),
    ("name: a, url: \"ftp://x\", secret_file: s", "https://"),
    ("name: a, url: \"https://u:p@x/\", secret_file: s", "user name"),
    ("name: a, url: \"https:///x\", secret_file: s", "https://"),
    ("name: a, url: \"https://x/ y\", secret_file: s", "blanks"),
    ("name: a, url: \"https://x\", secret_file: s, timeout_s: 31", "from 1 to 30"),
    ("name: a, url: \"https://x\", secret_file: s, types: [leak.open]", "unknown type \"leak.open\""),
    ("name: a, url: \"https://x\", secret_file: s, allow_addresses: [localhost]", "found \"localhost\""),
    ("name: a, url: \"https://x\", secret_file: s, allow_addresses: [10.0.0.0/33]", "found \"10.0.0.0/33\""),
    ("name: a, url: \"https://x\", secret_file: s}, {name: a, url: \"https://y\", secret_file: s", "stands twice"),
  ]

  @Test(arguments: rows) func mistakes(_ row: (String, String)) throws {
    let scratch = try ScratchDirectory()
    try scratch.write("s", "whsec_x\n")
    let found = problems("alerts:\n  webhooks: [{\(row.0)}]", directory: scratch.path)
    #expect(found.count == 1)
    #expect(found.first?.english.contains(row.1) == true, "\(found)")
    #expect(found.first?.place == .file("s.yaml", line: 2))
  }
}
