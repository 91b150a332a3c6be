import Foundation
import MQTT
import Readings
import Store
import TestSupport
import Testing

/// `mizumori backup` beside a service that is receiving, and `mizumori restore` on another box.
@Suite(.serialized)
struct BackupTests {
  @Test func aBackupOfARunningServiceIsOneMomentAndGoesOnElsewhere() throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 100000"])
    let (home, other, stick) = (try TemporaryDirectory(), try TemporaryDirectory(), try TemporaryDirectory())
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    try service.start()
    #expect(service.waitReady())
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "backup-publisher"))
    try publisher.connect()
    var n = 0
    func publish(_ count: Int) throws {
      for _ in 0..<count {
        let time = KillTests.start.adding(seconds: Int64(n) * 60).seconds
        try publisher.publish(topic: "water/test/zone/meter/flow", payload: "{\"ts\":\(time),\"value\":\(n % 9)}")
        n += 1
      }
      try publisher.flush()
    }
    try publish(2000)
    let reader = try StoreReader(directory: service.dataDirectory)
    #expect(eventually(seconds: 20) { (try? reader.figures().readings) ?? 0 >= 1000 })
    // More comes while it is made.
    let command = try RunningCommand("mizumori", ["backup", stick.path, "--json", "--settings", service.settingsFile])
    try publish(2000)
    #expect(try command.finish() == 0, "\(command.output)")
    let line = try #require(try JSONSerialization.jsonObject(with: Data(command.out.utf8)) as? [String: Any])
    let folder = try #require(line["folder"] as? String)
    let manifest = try #require(line["manifest"] as? [String: Any])
    let entries = try #require(manifest["entries"] as? Int)
    #expect(entries >= 1000)
    let names = (manifest["files"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    #expect(names.contains("mizumori.db") && names.contains("mizumori.yaml"))
    #expect(eventually(seconds: 20) { (try? reader.figures().readings) ?? 0 >= 4000 })
    #expect(service.stop() == 0)

    // What is in the copy is the beginning of what the service has: a moment, nothing left out.
    let all = try reader.history(0, from: KillTests.start, to: KillTests.start.adding(seconds: 1_000_000))
    #expect(all.count == 4000)
    let elsewhere = try RunningService(directory: other.path, brokerPort: broker.port)
    let restore = try RunningCommand("mizumori", ["restore", folder, "--settings", elsewhere.settingsFile])
    #expect(try restore.finish() == 0, "\(restore.output)")
    let restored = try StoreReader(directory: elsewhere.dataDirectory)
    let part = try restored.history(0, from: KillTests.start, to: KillTests.start.adding(seconds: 1_000_000))
    let same = all.prefix(part.count)
    #expect(part.count >= 1000 && part.map(\.time) == same.map(\.time) && part.map(\.value) == same.map(\.value))
    // The broker keeps the first box's session under the same name, so the second one goes on with what comes.
    try elsewhere.start()
    #expect(elsewhere.waitReady())
    let before = part.count
    try publish(100)
    #expect(eventually(seconds: 20) { (try? restored.figures().readings) ?? 0 >= before + 100 })
    #expect(elsewhere.stop() == 0)
  }

  @Test func aBackupThatHasChangedIsRefusedAndDataThatAreThereAreNotOverwritten() throws {
    let (home, stick) = (try TemporaryDirectory(), try TemporaryDirectory())
    let options = ["--set", "data.directory=\(home.path)/data"]
    func run(_ arguments: [String]) throws -> (code: Int32, out: String, error: String) {
      let c = try RunningCommand("mizumori", arguments + options)
      return (try c.finish(), c.out, c.error)
    }
    #expect(try run(["backup", stick.path]).code == 66)
    let text = (0..<200).map { "2026/9/\(1 + $0 / 24) \($0 % 24):00,\($0 % 7)\r\n" }.joined()
    try Data(("日時,流量(m3/h)\r\n" + text).utf8).write(to: URL(fileURLWithPath: "\(home.path)/e.csv"))
    #expect(try run(["import", "\(home.path)/e.csv", "--write", "--map", "流量=ina/nishi/m01/flow"]).code == 0)
    #expect(try run(["backup", stick.path, "--keep", "2"]).code == 0)
    let folder = try #require(try backups(stick.path).first)
    #expect(try run(["backup", folder, "--check"]).code == 0)
    let occupied = try run(["restore", folder])
    #expect(occupied.code == 64 && occupied.error.contains("--replace"))
    #expect(try run(["restore", folder, "--replace"]).code == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(home.path)/data").contains { $0.contains("mizumori.db.replaced-") })
    #expect(try run(["sensors"]).out.contains("ina/nishi/m01/flow"))

    // Names are of seconds.
    Thread.sleep(forTimeInterval: 1.1)
    #expect(try run(["backup", stick.path]).code == 0)
    Thread.sleep(forTimeInterval: 1.1)
    #expect(try run(["backup", stick.path, "--keep", "1"]).code == 0)
    let left = try backups(stick.path)
    #expect(left.count == 1 && left.first != folder)

    let database = "\(try #require(left.first))/mizumori.db"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: database))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: database))
    for arguments in [["backup", try #require(left.first), "--check"], ["restore", try #require(left.first), "--replace"]] {
      let refused = try run(arguments)
      #expect(refused.code == 74 && refused.error.contains(database), "\(refused)")
    }
    #expect(try run(["restore", home.path]).code == 66)
  }

  private func backups(_ parent: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: parent).filter { $0.hasPrefix("mizumori-") }.sorted().map { "\(parent)/\($0)" }
  }
}
