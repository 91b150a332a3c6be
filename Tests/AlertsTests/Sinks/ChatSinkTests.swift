import Foundation
import Readings
import TestSupport
import Testing

@testable import Alerts

/// What people see in Teams, Slack and LINE.
struct ChatSinkTests {
  private typealias Object = [String: Any]

  private func posted(
    _ kind: SinkKind, _ notice: Notice = .alert(message()), _ language: Language = .ja, publicURL: String? = nil
  ) throws -> (request: HTTPReceiver.Request, body: Object) {
    let receiver = try HTTPReceiver()
    _ = try kind.sink(port: receiver.port, language: language, publicURL: publicURL).send(notice, now: SinkBench.now)
    let request = try #require(receiver.requests.first)
    #expect(request.headers["content-type"] == "application/json")
    return (request, try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? Object))
  }

  private func card(_ body: Object) throws -> Object {
    #expect(body["type"] as? String == "message")
    let attachment = try #require((body["attachments"] as? [Object])?.first)
    #expect(attachment["contentType"] as? String == "application/vnd.microsoft.card.adaptive")
    #expect(attachment["contentUrl"] is NSNull)
    let card = try #require(attachment["content"] as? Object)
    #expect(card["type"] as? String == "AdaptiveCard" && card["version"] as? String == "1.4")
    return card
  }

  /// All strings of a JSON value.
  private func texts(_ value: Any) -> [String] {
    switch value {
    case let text as String: [text]
    case let list as [Any]: list.flatMap(texts)
    case let object as Object: object.values.flatMap(texts)
    default: []
    }
  }

  static let parts: [Language: [String]] = [
    .ja: [
      "漏水の疑い", "区域", "西町入口", "推定漏水量", "3.2 m³/h", "11月23日 02:10", "8.1 m³/h / 11.3 m³/h", "12.4 m³ / 約 2,108 円",
      "約 13,056 円", "根拠", "急な増加（CUSUM）", "次にすること: 消火栓",
    ],
    .en: [
      "Suspected burst", "Zone", "Estimated leak", "3.2 m³/h", "23 Nov 02:10", "12.4 m³ / about ¥2,108", "about ¥13,056", "Evidence",
      "abrupt rise (CUSUM)", "Next: rule out",
    ],
  ]

  /// The jump of the last hours in a line of text, and nothing where too little is known.
  @Test(arguments: [SinkKind.teams, .slack]) func theLastDayIsDrawn(kind: SinkKind) throws {
    var m = message()
    m.course = Array(repeating: 8, count: 18) + [nil, 8.5, 11, 11.3, 11.2, 11.4]
    func text(_ m: AlertMessage) throws -> String {
      String(
        decoding: try JSONSerialization.data(withJSONObject: try posted(kind, .alert(m)).body, options: .withoutEscapingSlashes),
        as: UTF8.self)
    }
    #expect(try text(m).contains("▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁·▂████ "))
    #expect(try text(m).contains("直近 24 時間") && (try text(m).contains("8.0–11.4 m³/h")))
    m.course = [1, nil, nil, 2]
    #expect(try !text(m).contains("直近"))
  }

  /// Fifteen meters fail at once: one headline with the numbers, the worst by name, the link to the overview.
  @Test(arguments: [SinkKind.teams, .slack, .line], Language.allCases) func aGroupIsReadAsOneMessage(kind: SinkKind, language: Language)
    throws
  {
    let events =
      [AlertMessage.longest(.burst, .opened, filler: "西", number: 0)] + (1..<15).map { .longest(.gap, .opened, filler: "東", number: $0) }
    let all = String(
      decoding: try JSONSerialization.data(
        withJSONObject: try posted(kind, .group(GroupNotice(events, isDigest: false)), language, publicURL: "https://m.example.jp").body,
        options: .withoutEscapingSlashes), as: UTF8.self)
    #expect(all.contains(language == .ja ? "漏水の疑い 1 件、通信断 14 件" : "suspected leak: 1, no readings: 14"))
    #expect(all.contains(language == .ja ? "ほか 5 件" : "and 5 more"))
    #expect(all.contains(language == .ja ? "共通の原因" : "common cause"))
    #expect(all.contains("https://m.example.jp"))
    #expect(!all.contains("/meter?id="))
  }

  @Test(arguments: [SinkKind.teams, .slack], Language.allCases)
  func aLeakSaysWhatOfficialsAsk(kind: SinkKind, language: Language) throws {
    let all = texts(try posted(kind, .alert(message()), language).body).joined(separator: "\n")
    for part in Self.parts[language] ?? [] { #expect(all.contains(part), "\(part) in \(all)") }
  }

  @Test func anEndingSaysWhyAndHowLong() throws {
    let card = SinkCard(.alert(message(.burst, .closed)), .ja)
    #expect(card.tone == .relief)
    #expect(card.facts.map(\.label) == ["いつから", "いつまで", "続いた時間", "これまでの損失"])
    #expect(card.notes.count == 1 && card.notes[0].contains("平常に戻りました"))
  }

  @Test(arguments: EventKind.allCases, [EventChange.opened, .updated, .escalated, .closed])
  func everyTransitionMakesACard(kind: EventKind, change: EventChange) {
    for language in Language.allCases {
      let card = SinkCard(.alert(message(kind, change)), language)
      #expect(!card.title.isEmpty && !card.facts.isEmpty)
      #expect(card.place.count + card.facts.count <= 10)
      // An update has nothing new to do; everything else says what to do or what happened.
      if !(kind.isLeak && change == .updated) { #expect(!card.notes.isEmpty) }
      if kind.isHealth { #expect(card.tone != .alarm) }
    }
  }

  @Test(arguments: [SinkKind.teams, .slack, .line]) func theLinkIsThereOnlyWhenThePageIs(kind: SinkKind) throws {
    let link = "https://mizumori.example.jp/meter?id=ina%2Fnishi%2Fm01%2Fflow"
    #expect(texts(try posted(kind, publicURL: "https://mizumori.example.jp").body).contains { $0.contains(link) })
    #expect(!texts(try posted(kind).body).contains { $0.contains("example.jp") })
  }

  /// A name is text everywhere: no mention, no link, no Markdown.
  @Test func namesAreTextInSlack() throws {
    let m = named("<!channel> <https://evil.example|x> *a* & b")
    let body = try posted(.slack, .alert(m)).body
    #expect((body["text"] as? String)?.contains("&lt;!channel&gt; &lt;https://evil.example|x&gt; *a* &amp; b") == true)
    for block in try #require(body["blocks"] as? [Object]) {
      for holder in (block["fields"] as? [Object] ?? []) + [block["text"] as? Object].compactMap({ $0 }) {
        #expect(holder["type"] as? String == "plain_text")
      }
    }
  }

  @Test func namesAreTextInTeams() throws {
    let card = try card(try posted(.teams, .alert(named("[x](https://evil.example) **b**"))).body)
    #expect((card["fallbackText"] as? String)?.contains("evil") == false)
    for element in try #require(card["body"] as? [Object]) {
      // The only element with Markdown holds nothing that somebody typed.
      if element["type"] as? String == "RichTextBlock" { continue }
      #expect(element["type"] as? String == "FactSet")
      #expect(!texts(element).contains { $0.contains("evil") })
    }
  }

  private func named(_ name: String) -> AlertMessage {
    let m = message()
    return AlertMessage(
      seq: 1, eventKey: m.eventKey, transitionKey: m.transitionKey, sensor: m.sensor,
      names: PlaceNames(municipality: name, zone: name, sensor: name), transition: m.transition, yenPerCubicMetre: 170, calendar: .japan)
  }

  @Test(arguments: ["漏", "\u{1F4A7}", "👨‍👩‍👧‍👦"]) func slackAndLineCountCharacters(filler: String) throws {
    let m = AlertMessage.longest(.burst, .opened, filler: filler)
    let slack = try posted(.slack, .alert(m)).body
    for block in try #require(slack["blocks"] as? [Object]) {
      let text = (block["text"] as? Object)?["text"] as? String ?? ""
      #expect(text.utf16.count <= (block["type"] as? String == "header" ? 150 : 3000))
      let fields = block["fields"] as? [Object] ?? []
      #expect(fields.count <= 10 && fields.allSatisfy { ($0["text"] as? String ?? "").utf16.count <= 2000 })
    }
    let line = try posted(.line, .alert(m), publicURL: "https://mizumori.example.jp").body
    let text = try #require((line["messages"] as? [Object])?.first?["text"] as? String)
    #expect(text.utf16.count <= 5000 && text.hasSuffix("%2Fflow"))
  }

  @Test(arguments: [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("漏水区域", 2, "漏…"), ("a💧b", 3, "a…"), ("", 1, "")])
  func clipping(text: String, limit: Int, expected: String) { #expect(text.clipped(limit) == expected) }
}

struct LINESinkTests {
  @Test func requestAsTheMessagingAPIWantsIt() throws {
    let receiver = try HTTPReceiver()
    #expect(try SinkKind.line.sink(port: receiver.port).send(.alert(message()), now: SinkBench.now) == .delivered(status: 204))
    let r = try #require(receiver.requests.first)
    #expect(r.path == "/v2/bot/message/push")
    #expect(r.headers["authorization"] == "Bearer \(SinkKind.key)")
    let key = try #require(r.headers["x-line-retry-key"])
    #expect(UUID(uuidString: key) != nil && key == key.lowercased())
    let body = try #require(try JSONSerialization.jsonObject(with: Data(r.body)) as? [String: Any])
    #expect(body["to"] as? String == "U" + String(repeating: "0", count: 32))
    let messages = try #require(body["messages"] as? [[String: Any]])
    #expect(messages.count == 1 && messages[0]["type"] as? String == "text")
    #expect(messages[0]["text"] as? String == AlertWords(message(), .ja).text)
  }

  /// 409: an earlier attempt got through although its answer was lost.
  @Test func conflictIsSuccess() throws {
    let receiver = try HTTPReceiver([.init(409)])
    #expect(try SinkKind.line.sink(port: receiver.port).send(.alert(message()), now: SinkBench.now) == .delivered(status: 409))
  }

  /// Computed with Python's hmac and uuid: a change would make LINE show messages twice.
  @Test func retryKeysAreStable() {
    #expect(RetryKey.uuid(for: "msg_1", to: "U1") == "0c563d49-fa08-87e9-9345-3a6d4937ea86")
    #expect(RetryKey.uuid(for: "msg_1", to: "U2") != RetryKey.uuid(for: "msg_1", to: "U1"))
    #expect(RetryKey.uuid(for: "msg_2", to: "U1") != RetryKey.uuid(for: "msg_1", to: "U1"))
  }
}

struct CloudEventsTests {
  @Test func structuredModeWithTheSameSignature() throws {
    let receiver = try HTTPReceiver()
    let secret = try #require(StandardWebhooks.Secret("whsec_" + Data(repeating: 9, count: 32).base64EncodedString()))
    let sink = WebhookSink(
      name: "c", url: "http://127.0.0.1:\(receiver.port)/", secrets: [secret], format: .cloudevents,
      client: HTTPClient(policy: AddressPolicy(listed: ["127.0.0.1"])))
    #expect(sink.send(.alert(message()), now: SinkBench.now) == .delivered(status: 204))
    let r = try #require(receiver.requests.first)
    #expect(r.headers["content-type"] == "application/cloudevents+json; charset=utf-8")
    #expect(
      StandardWebhooks.verify(
        id: message().transitionKey, timestamp: "1760000000", body: r.body, signatures: r.headers["webhook-signature"] ?? "",
        secrets: [secret]))
    let o = try #require(try JSONSerialization.jsonObject(with: Data(r.body)) as? [String: Any])
    #expect(o["specversion"] as? String == "1.0")
    #expect(o["id"] as? String == message().transitionKey)
    #expect(o["source"] as? String == "/mizumori/ina")
    #expect(o["type"] as? String == "leak.opened")
    #expect(o["subject"] as? String == "ina/nishi/m01/flow")
    #expect(o["time"] as? String == "2026-11-22T18:10:00Z")
    #expect(o["datacontenttype"] as? String == "application/json")
    #expect((o["data"] as? [String: Any])?["estimated_leak_m3h"] as? Double == 3.2)
    // Attribute names of CloudEvents: lower-case letters and digits.
    #expect(o.keys.allSatisfy { $0.allSatisfy { ("a"..."z").contains($0) } })
  }
}
