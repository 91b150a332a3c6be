import Codecs
import Readings
import Testing

func match(_ pattern: TopicPattern, _ topic: [UInt8]) -> TopicMatch { topic.withUnsafeBufferPointer { pattern.match($0) } }
func match(_ pattern: TopicPattern, _ topic: String) -> TopicMatch { match(pattern, Array(topic.utf8)) }

@Suite struct TopicPatternTests {
  @Test func standardPattern() throws {
    let p = try TopicPattern(TopicPattern.standardText)
    #expect(p.subscription == "water/+/+/+/+")
    #expect(match(p, "water/ina/nishi/m01/flow") == .sensor(meter))
    let total = try #require(SensorID("ina/nishi/m01/total"))
    #expect(match(p, "water/ina/nishi/m01/total") == .sensor(total))
  }

  static let others = [
    "", "water", "water/ina/nishi/m01", "water/ina/nishi/m01/flow/x", "steam/ina/nishi/m01/flow", "water/ina/nishi/m01/status",
    "water/ina/nishi/m01/leak", "/water/ina/nishi/m01/flow", "water/ina/nishi/m01/",
  ]

  @Test(arguments: others) func otherTopics(_ topic: String) throws {
    #expect(match(try TopicPattern(TopicPattern.standardText), topic) == .other)
  }

  static let refused: [(String, Int)] = [
    ("water/ina/nishi/x<script>/flow", 16), ("water/ina//m01/flow", 10), ("water/伊那/nishi/m01/flow", 6), ("water/ina/ni.shi/m01/flow", 10),
    ("water/ina/nishi/m01\0/flow", 16), ("water/ina/nishi/" + String(repeating: "a", count: 65) + "/flow", 16),
  ]

  @Test(arguments: refused) func refusedSegments(_ row: (String, Int)) throws {
    #expect(match(try TopicPattern(TopicPattern.standardText), row.0) == .failure(DecodeError(.sensorIDCharset, at: row.1)))
  }

  @Test func fixedPartsAndSurroundingText() throws {
    let p = try TopicPattern("plant/+/wm-{sensor}.raw/#", municipality: "ina", zone: "nishi", quantity: .flow)
    #expect(p.subscription == "plant/+/+/#")
    #expect(match(p, "plant/any thing/wm-m01.raw/a/b") == .sensor(meter))
    #expect(match(p, "plant/x/wm-m01.raw") == .sensor(meter))
    #expect(match(p, "plant/x/wm-m01") == .other)
    #expect(match(p, "plant/x/wm-.raw/a") == .failure(DecodeError(.sensorIDCharset, at: 11)))
    #expect(match(p, "plant/x/wm") == .other)
  }

  @Test func oneTopicForOneSensor() throws {
    let p = try TopicPattern("scada/flow1", municipality: "ina", zone: "nishi", sensor: "m01", quantity: .flow)
    #expect(p.subscription == "scada/flow1")
    #expect(match(p, "scada/flow1") == .sensor(meter))
    #expect(match(p, "scada/flow2") == .other)
  }

  static let bad: [(String, String)] = [
    ("", "empty"), ("water/{municipality}/{zone}/{sensor}", "{quantity}"), ("water/{town}/{zone}/{sensor}/{quantity}", "{town}"),
    ("a/{sensor}/{sensor}/{zone}/{municipality}/{quantity}", "more than once"), ("a/#/{sensor}", "only at the end"),
    ("a/b+/{sensor}", "stand alone"), ("a/{sensor/{zone}", "braces"), ("a/sensor}/x", "braces"),
    ("a/{sensor}{zone}/x", "unknown"),
  ]

  @Test(arguments: bad) func unusablePatterns(_ row: (String, String)) {
    let error = #expect(throws: TopicPatternError.self) { try TopicPattern(row.0) }
    #expect(error?.english.contains(row.1) == true, "\(String(describing: error))")
  }

  @Test func partsGivenTwiceOrBadly() {
    #expect(throws: TopicPatternError.self) { try TopicPattern(TopicPattern.standardText, zone: "nishi") }
    #expect(throws: TopicPatternError.self) { try TopicPattern("a/{sensor}", municipality: "伊那", zone: "n", quantity: .flow) }
  }
}

@Suite struct TopicTableTests {
  func find(_ table: TopicTable, _ topic: String) -> SensorSlot? { Array(topic.utf8).withUnsafeBufferPointer { table.slot(of: $0) } }

  func insert(_ topic: String, _ slot: SensorSlot, into table: inout TopicTable) -> Bool {
    Array(topic.utf8).withUnsafeBufferPointer { table.insert($0, slot: slot) }
  }

  @Test func findsWhatItHoldsUpToItsCapacity() {
    var table = TopicTable(capacity: 5000, seed: 42)
    func topic(_ n: Int) -> String { "water/ina/z\(n % 7)/m\(n)/flow" }
    for n in 0..<5000 {
      let isNew = insert(topic(n), SensorSlot(n), into: &table)
      #expect(isNew)
    }
    #expect(table.isFull && table.count == 5000)
    for n in 0..<5000 { #expect(find(table, topic(n)) == SensorSlot(n)) }
    for n in 5000..<6000 {
      let isNew = insert(topic(n), 1, into: &table)
      #expect(!isNew)
      #expect(find(table, topic(n)) == nil)
    }
    #expect(table.count == 5000)
  }

  @Test func keepsTheFirstSlotAndRefusesLongTopics() {
    var table = TopicTable(capacity: 10)
    #expect(find(table, "") == nil)
    let inserted = [
      insert("a/b", 3, into: &table), insert("a/b", 4, into: &table), insert("", 6, into: &table),
      insert(String(repeating: "x", count: TopicTable.longestTopic + 1), 5, into: &table),
    ]
    #expect(inserted == [true, true, true, false])
    #expect(find(table, "a/b") == 3)
    #expect(find(table, "") == 6)
    #expect(table.count == 2)
    var none = TopicTable(capacity: 0)
    let isTaken = insert("a", 0, into: &none)
    #expect(!isTaken)
  }
}
