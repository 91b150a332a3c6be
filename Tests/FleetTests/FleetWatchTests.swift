import Alerts
import Foundation
import Settings
import TestSupport
import Testing

@testable import Fleet

/// Real requests over the loopback.
struct FleetWatchTests {
  private static let overview = #"{"utility":"u","isConnected":true,"towns":[\#(FleetBookTests.town("t", leak: 3))]}"#

  private static func watch(_ instances: [String], _ more: String = "timeout_s: 2", directory: String = "/") throws -> FleetWatch {
    let list = instances.map { "  - {\($0)}\n" }.joined()
    return FleetWatch(try FleetSettings.parse("\(more)\ninstances:\n\(list)", name: "f.yaml", directory: directory))
  }

  @Test func anAnswerIsReadWithItsToken() throws {
    let home = try TemporaryDirectory()
    try Data("mzm_secret\n".utf8).write(to: URL(fileURLWithPath: home.path + "/t"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: home.path + "/t")
    let server = try HTTPReceiver([.init(200, body: Self.overview)])
    let watch = try Self.watch(
      ["name: a, url: \"http://127.0.0.1:\(server.port)/\", token_file: t, allow_addresses: [127.0.0.1]"], directory: home.path)
    watch.askOnce()
    let view = watch.view()
    #expect(view.towns.map(\.id) == ["t"] && view.leakM3h == 3 && view.unreachable == 0)
    let request = try #require(server.requests.first)
    #expect(request.path == "/api/v1/overview" && request.headers["authorization"] == "Bearer mzm_secret")
  }

  @Test func whatCannotBeReadIsSaidAndDelaysNobody() throws {
    let good = try HTTPReceiver([.init(200, body: Self.overview)])
    let refuses = try HTTPReceiver([.init(401, body: "{}")])
    let strange = try HTTPReceiver([.init(200, body: "<html>")])
    let moved = try HTTPReceiver([.init(302, headers: ["location": "http://127.0.0.1:\(good.port)/"], body: "")])
    let long = try HTTPReceiver([.init(200, body: String(repeating: " ", count: 70_000) + Self.overview)])
    let dead = try FreePort.next()
    let ports = [good.port, refuses.port, strange.port, moved.port, long.port, dead]
    let watch = try Self.watch(
      ports.enumerated().map { "name: i\($0), url: \"http://127.0.0.1:\($1)\", allow_addresses: [127.0.0.1]" }
        + ["name: private, url: \"https://127.0.0.1:\(good.port)\""], "timeout_s: 2\nmax_answer_bytes: 65536")
    watch.askOnce()
    let instances = watch.view().instances
    #expect(instances.map(\.isReached) == [true] + Array(repeating: false, count: 6))
    let words = ["token", "not an answer", "302", "longer than", "reached", "private address"]
    for (instance, word) in zip(instances.dropFirst(), words) {
      #expect(instance.problem?["en"]?.contains(word) == true, "\(instance.name): \(instance.problem ?? [:])")
    }
  }

  @Test func itGoesOnAskingUntilItIsStopped() throws {
    let server = try HTTPReceiver([.init(200, body: Self.overview)])
    let watch = try Self.watch(["name: a, url: \"http://127.0.0.1:\(server.port)\", allow_addresses: [127.0.0.1]"], "interval_s: 5")
    watch.start()
    let requests = server.wait(for: 2, seconds: 30)
    watch.stop()
    #expect(requests.count >= 2 && watch.view().unreachable == 0)
  }
}
