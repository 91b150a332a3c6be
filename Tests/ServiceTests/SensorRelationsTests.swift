import Readings
import Store
import TestSupport
import Testing

@testable import Service
@testable import Settings

/// Who is related to whom is looked up, and means the same as a search through all that the settings say.
struct SensorRelationsTests {
  /// Zones in a row, each with an inlet and outlets, and meters upstream that the settings name.
  private func settings(zones: Int, meters: Int) -> MizumoriSettings {
    var s = MizumoriSettings()
    func id(_ zone: Int, _ meter: Int) -> SensorID { SensorID("t/z\(zone)/m\(meter)/flow")! }
    for z in 0..<zones {
      let inlets = z % 3 == 0 ? [id(z, 0), id(z, 1)] : [id(z, 0)]
      s.zones["t/z\(z)"] = .init(inlets: inlets, outlets: [id(z, 2), id((z + 1) % zones, 0)])
      for m in 4..<meters {
        var sensor = MizumoriSettings.Sensor()
        sensor.parent = m % 2 == 0 ? id(z, 0) : id((z + m) % zones, m - 1)
        s.sensors[id(z, m)] = sensor
      }
    }
    return s
  }

  private func ids(_ s: MizumoriSettings, _ p: ProfileBook) -> Set<SensorID> {
    Set(s.sensors.keys).union(p.zones.flatMap { [$0.id] + $0.inlets + $0.outlets })
  }

  @Test func theSameAsASearch() throws {
    let s = settings(zones: 7, meters: 9)
    let p = ProfileBook(s)
    let all = ids(s, p)
    var card = MeterCard()
    card.parent = "t/z1/m5/flow"
    p.cards.put(SensorID("t/z2/m4/flow")!, card)
    card.parent = ""
    p.cards.put(SensorID("t/z3/m4/flow")!, card)
    for id in all {
      let inlet = p.zones.first { ($0.id == id || $0.outlets.contains(id)) && $0.inlets.count == 1 }?.inlets.first
      #expect(p.fileParent(of: id) == s.sensors[id]?.parent ?? inlet)
      let below = all.filter { p.parent(of: $0) == id }.sorted()
      #expect(p.related(to: id) == below + [id.sibling(.total)])
      #expect(p.zones(of: id).map(\.id) == p.zones.filter { $0.id == id || $0.contains(id) }.map(\.id))
      #expect(p.isSum(id) == p.zones.contains { $0.id == id })
    }
    #expect(all.contains { p.related(to: $0).count > 2 } && all.contains { p.zones(of: $0).count > 1 })
  }

  /// What is looked at for all sensors grows as the sensors do, not as their square.
  @Test func theWorkOfAStartGrowsWithTheSensors() {
    func work(_ zones: Int) -> Int {
      let s = settings(zones: zones, meters: 8)
      let p = ProfileBook(s)
      let r = SensorRelations(p.zones, s.sensors)
      return ids(s, p).reduce(0) { $0 + r.candidates(below: $1).count + r.zones(of: $1).count + 1 }
    }
    let (one, ten) = (work(30), work(300))
    #expect(ten <= 11 * one && one > 30)
  }

  /// A card that is entered, changed and taken away leaves no trace at the meters that stood on it.
  @Test func cardsThatChangeAreFollowed() {
    let book = MeterBook()
    let (a, b, c) = (SensorID("t/z/a/flow")!, SensorID("t/z/b/flow")!, SensorID("t/z/c/flow")!)
    var card = MeterCard()
    card.parent = a.description
    book.put(c, card)
    #expect(book.entered(below: a) == [c])
    card.parent = b.description
    book.put(c, card)
    #expect(book.entered(below: a).isEmpty && book.entered(below: b) == [c])
    book.put(c, MeterCard())
    #expect(book.entered(below: b).isEmpty)
    card.parent = a.description
    book.load([b: card])
    #expect(book.entered(below: a) == [b] && book.entered(below: b).isEmpty)
  }
}
