import Alerts
import Readings
import Settings
import Store
import TestSupport
import Testing

@testable import Service

/// A full table of sensors is one event of the service, whatever comes and however often it starts.
@Suite struct CapacityTests {
  private let home: TemporaryDirectory

  init() throws { home = try TemporaryDirectory() }

  private func open(limit: Int) throws -> Pipeline {
    var settings = MizumoriSettings()
    settings.limits.maximumSensors = limit
    return try Pipeline.open(home.path, settings: settings)
  }

  private func send(_ p: Pipeline, _ sensors: Range<Int>) throws {
    for n in sensors { p.send("water/t/z/m\(n)/flow", "{\"ts\":1760000000000,\"value\":1}") }
    #expect(try p.commit())
  }

  private func told() throws -> [OutboxRow] { try StoreReader(directory: home.path).outbox(after: 0, limit: 100) }

  @Test func aFullTableIsOneEventThatEndsWhenThereIsRoom() throws {
    try send(open(limit: 3), 0..<3)
    #expect(try told().isEmpty)
    try send(open(limit: 3), 0..<50)
    #expect(try told().map(\.transition.change) == [.opened])
    let row = try #require(try told().first)
    #expect(row.sensor == .service && row.transition.kind == .sensorLimit && row.transition.slot == SensorID.serviceSlot)
    // Still full: still the same event.
    try send(open(limit: 3), 40..<60)
    #expect(try told().count == 1)
    let more = try open(limit: 4)
    #expect(more.wantsCommit)
    try send(more, 0..<1)
    #expect(try told().map(\.transition.change) == [.opened, .closed])
    #expect(Set(try told().map(\.eventKey)).count == 1)
    try send(more, 3..<10)
    #expect(try told().map(\.transition.change) == [.opened, .closed, .opened])
    #expect(Set(try told().map(\.eventKey)).count == 2)
  }

  @Test func noMeterMayCallItselfTheService() throws {
    let p = try open(limit: 3)
    p.send("water/_/_/mizumori/flow", "{\"ts\":1760000000000,\"value\":1}")
    #expect(p.counters.rejected["zone_sensor"] == 1 && p.directory.count == 0)
  }

  @Test(arguments: [(MizumoriSettings.Language.ja, "水守"), (.en, "Mizumori")]) func theServiceHasAName(
    language: MizumoriSettings.Language, name: String
  ) {
    var settings = MizumoriSettings()
    settings.utility.language = language
    #expect(ProfileBook(settings).names(.service).zone == name)
  }
}
