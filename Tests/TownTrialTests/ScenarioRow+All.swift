extension ScenarioRow {
  /// All files. The bounds are what a town of seed 1 reaches; a row whose target is not reached keeps it, and says what is `known`.
  static let all: [ScenarioRow] = [
    // What flow really looks like.
    ScenarioRow(
      name: "quiet", faults: ["gap": 1],
      known: "4 false alarms (2 at a hydrant of 10 m³/h in a hamlet of 2 m³/h) in 150 days with ゴールデンウィーク and お盆; sought: 0"),
    ScenarioRow(
      name: "newyear", known: "22 false alarms: visitors of 30–45 % of the mean for three to eight days, on top of new demand; sought: 0"),
    ScenarioRow(name: "tourism", leaks: ["incipient": 1], known: "14 false alarms: inns that fill by half for days; sought: 0"),
    ScenarioRow(
      name: "heat", leaks: ["burst": 1], within: ["burst": 24], common: ["heat": 1], known: "2 false alarms as the heat comes; sought: 0"),
    ScenarioRow(name: "hamlet", leaks: ["burst": 1, "incipient": 1], within: ["burst": 24, "incipient": 240], faults: ["late": 1]),
    ScenarioRow(
      name: "freeze", leaks: ["burst": 3], within: ["burst": 48], common: ["freeze": 2]),
    ScenarioRow(
      name: "fire", leaks: ["burst": 1], within: ["burst": 12],
      known: "6 false alarms: hydrants that run for 72 min to 2 h are told as bursts after some 80 min; sought: 0"),
    ScenarioRow(
      name: "pool", known: "2 false alarms: a pool that nobody told of, five hours of 60 % of the mean; sought: 0 below six hours"),
    ScenarioRow(name: "works", leaks: ["burst": 1], within: ["burst": 24]),
    ScenarioRow(
      name: "pump", leaks: ["burst": 1, "tank_leak": 1],
      known:
        "54 false alarms: an inflow that is on or off, and the zone that it feeds, are judged as if they had a shape of the day; sought: 0"),
    ScenarioRow(name: "pressure", leaks: ["burst": 2], within: ["burst": 24]),
    ScenarioRow(
      name: "lorawan", leaks: ["burst": 1], within: ["burst": 24], faults: ["late": 1, "flapping": 1, "dead_battery": 1]),
    ScenarioRow(
      name: "faults", faults: ["stuck": 1, "gap": 1, "reverse": 1, "reset": 1, "spike": 1],
      known: "A single value beyond 12 times the mean is left out and told to nobody; sought: a spike", knownIn: [.faults]),
    ScenarioRow(
      name: "register", leaks: ["burst": 1], within: ["burst": 12], faults: ["reset": 1, "replaced": 1, "rollover": 1, "stuck": 1]),
    ScenarioRow(
      name: "unit", faults: ["unit": 2],
      known: "L/s in place of m³/h (× 0.28) is not told, ×16.7 is; 2 false alarms; sought: both, and 0", knownIn: [.faults, .falseAlarms]),
    ScenarioRow(name: "clock", faults: ["clock": 3]),
    // What a good detector does.
    ScenarioRow(
      name: "town", leaks: ["burst": 3, "incipient": 1], within: ["burst": 24, "incipient": 240],
      faults: ["gap": 1, "stuck": 2, "spike": 1, "late": 1, "flapping": 1, "dead_battery": 1], common: ["freeze": 1]),
    ScenarioRow(name: "young", leaks: ["burst": 1], within: ["burst": 6]),
    ScenarioRow(name: "long", leaks: ["burst": 2], within: ["burst": 24]),
    ScenarioRow(name: "scales", leaks: ["burst": 2, "incipient": 1], within: ["burst": 24, "incipient": 360]),
  ]
}
