import Foundation
import TestSupport
import Testing

/// Commands that root calls on the data of another user, as `sudo mizumori …` does: what they write is the owner's, what they read may be
/// anybody's.
@Suite(.enabled(if: geteuid() == 0))
struct OwnerTests {
  private static let nobody: UInt32 = 65_534

  private struct Box {
    let home: TemporaryDirectory
    let settings: String
    var data: String { "\(home.path)/data" }

    init() throws {
      home = try TemporaryDirectory()
      settings = "\(home.path)/s.yaml"
      chmod(home.path, 0o755)
      try FileManager.default.createDirectory(atPath: "\(home.path)/data", withIntermediateDirectories: false)
      // A folder of root's, closed to others: somebody's home, a stick.
      try FileManager.default.createDirectory(
        atPath: "\(home.path)/closed", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      chmod("\(home.path)/data", 0o700)
      chown("\(home.path)/data", OwnerTests.nobody, OwnerTests.nobody)
      let text = """
        utility: {name: t, municipality: ina}
        data: {directory: \(home.path)/data}
        broker: {port: \(try FreePort.next())}
        web: {enabled: false}
        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: settings))
    }

    func command(_ arguments: [String], input: String = "") throws -> (code: Int32, output: String) {
      let c = try RunningCommand("mizumori", arguments + ["--settings", settings], input: input)
      return (try c.finish(), c.output)
    }

    /// Owners of everything below a folder, once each.
    func owners(_ folder: String) throws -> Set<UInt32> {
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
      try #require(!names.isEmpty)
      return Set(try names.map { try owner("\(folder)/\($0)") })
    }

    func owner(_ path: String) throws -> UInt32 {
      var found = stat()
      try #require(lstat(path, &found) == 0, "\(path)")
      return found.st_uid
    }
  }

  @Test func whatRootWritesIsTheOwners() throws {
    let box = try Box()
    let hours = (0..<240).map { "2026/01/\(String(format: "%02d", 1 + $0 / 24)) \(String(format: "%02d", $0 % 24)):00,\(10 + $0 % 7)" }
    let csv = "\(box.home.path)/closed/hours.csv"
    try Data(("日時,北部(m3/h)\n" + hours.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: csv))
    let imported = try box.command(["import", csv, "--map", "北部(m3/h)=ina/kita/hokubu/flow", "--write"])
    #expect(imported.code == 0, "\(imported.output)")
    let added = try box.command(["account", "add", "tantou"], input: "a long enough password\n")
    #expect(added.code == 0, "\(added.output)")
    #expect(try box.owners(box.data) == [Self.nobody])

    let kept = try box.command(["backup", "\(box.home.path)/closed"])
    #expect(kept.code == 0, "\(kept.output)")
    let backup = try #require(
      FileManager.default.contentsOfDirectory(atPath: "\(box.home.path)/closed").first { $0.hasPrefix("mizumori-") })
    #expect(try box.owners("\(box.home.path)/closed/\(backup)") == [Self.nobody])
    let restored = try box.command(["restore", "\(box.home.path)/closed/\(backup)", "--replace"])
    #expect(restored.code == 0, "\(restored.output)")
    #expect(try box.owners(box.data) == [Self.nobody])
  }

  /// The check sees what the service sees, and finds what somebody copied there as root.
  @Test func theCheckLooksWithTheEyesOfTheService() throws {
    let box = try Box()
    _ = try box.command(["account", "add", "tantou"], input: "a long enough password\n")
    let good = try box.command(["check", "--listen", "0", "--json"])
    #expect(!good.output.contains("sudo chown"), "\(good.output)")
    try Data().write(to: URL(fileURLWithPath: "\(box.data)/copied"))
    let bad = try box.command(["check", "--listen", "0", "--json"])
    #expect(bad.code == 74 && bad.output.contains("copied") && bad.output.contains("sudo chown -R nobody:"), "\(bad.output)")
    // Settings that only root may read: the service could not start with them either.
    chmod(box.settings, 0o600)
    #expect(try box.command(["check", "--listen", "0"]).code == 66)
    #expect(try box.command(["sensors"]).code == 0)
  }
}
