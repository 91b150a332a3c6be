import Readings
import Settings
import Testing

/// Tanks, gauges of pressure and freeze mode.
@Suite struct GaugeSettingsTests {
  @Test func allOfItIsRead() throws {
    let s = try read(
      """
      sensors:
        ina/nishi/m01/flow: {pressure: [ina/nishi/p1/pressure, ina/nishi/p2/pressure]}
        ina/nishi/m02/flow: {pressure: []}
        ina/nishi/m03/flow: {}
      tanks:
        ina/nishi/haisuichi:
          name: 西町配水池
          level: ina/nishi/haisuichi/level
          area_m2: 150
          resolution_m: 0.005
          inlets: [ina/nishi/in/flow]
          outlets: [ina/nishi/out/flow, ina/higashi/out/total]
        ina/nishi/kokuchi:
          level: ina/nishi/kokuchi/level
          volumes_m3: [[0, 0], [1.5, 120], [3, 300]]
          inlets: [ina/nishi/in2/flow]
      frost: {below_c: -3, release_c: 1.5, sensors: [ina/yakuba/kion/temperature]}
      """)
    func pressure(_ id: String) -> [String]? { s.sensors[SensorID(id)!]?.pressure?.map(\.description) }
    #expect(pressure("ina/nishi/m01/flow") == ["ina/nishi/p1/pressure", "ina/nishi/p2/pressure"])
    #expect(pressure("ina/nishi/m02/flow") == [] && pressure("ina/nishi/m03/flow") == nil)
    let tank = try #require(s.tanks["ina/nishi/haisuichi"])
    #expect(tank.name == "西町配水池" && tank.area == 150 && tank.resolution == 0.005 && tank.level == SensorID("ina/nishi/haisuichi/level"))
    #expect(tank.inlets.count == 1 && tank.outlets.map(\.description) == ["ina/nishi/out/flow", "ina/higashi/out/total"])
    let curve = try #require(s.tanks["ina/nishi/kokuchi"])
    #expect(curve.volumes.map(\.volume) == [0, 120, 300] && curve.area == nil && curve.resolution == 0.01)
    #expect(s.frost.below == -3 && s.frost.release == 1.5 && s.frost.isEnabled && s.frost.sensors.count == 1)
    let plain = try read("").frost
    #expect(plain.isEnabled && plain.below == -4 && plain.release == 0 && plain.sensors.isEmpty)
    #expect(try read("frost: {enabled: false}").frost.isEnabled == false)
    #expect(try read("frost: {below_c: 2}").frost.release == 3, "a release above it follows")
  }

  private static let head = "tanks:\n  a/b/c:\n    "

  static let rows = [
    ProblemTests.Row("tanks: {a/b: {}}", line: 1, "tanks.a/b", "municipality/zone/tank"),
    ProblemTests.Row(head + "level: a/b/c/flow\n    area_m2: 5\n    inlets: [a/b/i/flow]", line: 3, "tanks.a/b/c.level", "a/b/c/flow"),
    ProblemTests.Row(head + "area_m2: 5\n    inlets: [a/b/i/flow]", line: 2, "tanks.a/b/c.level", "level is missing"),
    ProblemTests.Row(head + "level: a/b/c/level\n    inlets: [a/b/i/flow]", line: 2, "tanks.a/b/c.area_m2", "area_m2 or volumes_m3"),
    ProblemTests.Row(
      head + "level: a/b/c/level\n    area_m2: 5\n    volumes_m3: [[0, 0], [1, 2]]\n    inlets: [a/b/i/flow]", line: 2,
      "tanks.a/b/c.volumes_m3",
      "only one"),
    ProblemTests.Row(
      head + "level: a/b/c/level\n    volumes_m3: [[0, 0], [1, 0]]\n    inlets: [a/b/i/flow]", line: 4, "tanks.a/b/c.volumes_m3",
      "2 to 8 pairs"),
    ProblemTests.Row(head + "level: a/b/c/level\n    area_m2: 0\n    inlets: [a/b/i/flow]", line: 4, "tanks.a/b/c.area_m2", "number from"),
    ProblemTests.Row(head + "level: a/b/c/level\n    area_m2: 5\n    inlets: []", line: 2, "tanks.a/b/c.inlets", "at least one inlet"),
    ProblemTests.Row(
      head + "level: a/b/c/level\n    area_m2: 5\n    inlets: [a/b/i/flow]\n    outlet: [a/b/o/flow]", line: 6, "tanks.a/b/c.outlet",
      "did you mean \"outlets\""),
    ProblemTests.Row("frost:\n  below_c: -4\n  release_c: -5", line: 3, "frost.release_c", "above below_c"),
    ProblemTests.Row("frost:\n  sensors: [a/b/c/flow]", line: 2, "frost.sensors", "municipality/zone/sensor/temperature"),
    ProblemTests.Row("sensors:\n  a/b/c/flow:\n    pressure: [a/b/c/flow]", line: 3, "sensors.a/b/c/flow.pressure", "/pressure"),
    ProblemTests.Row("sensors:\n  a/b/c/level:\n    pressure: [a/b/c/pressure]", line: 3, "sensors.a/b/c/level.pressure", "at most three"),
  ]

  @Test(arguments: rows) func aMistakeIsNamedWithItsLine(_ row: ProblemTests.Row) throws {
    let found = problems(row.yaml)
    let problem = try #require(found.first { $0.key == row.key }, "\(found)")
    #expect(problem.place == .file("s.yaml", line: row.line) && problem.english.contains(row.words), "\(problem)")
    #expect(!problem.japanese.isEmpty)
  }
}
