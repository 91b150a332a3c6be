import Readings

/// Draws utilities that are hard to watch: wide noise with heavy tails, places that share weather, holidays and visitors, meters above
/// meters, and everything that looks like a leak and is none. The same seed gives the same utilities on every machine.
public struct HardTown {
  var random: Random
  var scenario = Scenario()

  /// The scenario of one utility.
  /// - Parameter number: 1, 2, 3 …; each is drawn for itself, so that a longer list begins like a shorter one
  public static func scenario(_ number: Int, seed: UInt64) -> Scenario {
    var town = HardTown(random: Random(seed: seed, part: "hard/\(number)"))
    let digits = String(number)
    town.scenario.municipality = "H" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    town.drawFrame()
    town.drawMeters()
    town.drawLeaks()
    town.drawDemandEvents()
    town.drawFaults()
    return town.scenario
  }

  private mutating func drawFrame() {
    // Any day of three years: winters with freezing nights, お盆, 年末年始.
    let first = CivilDate(year: 2023, month: 1, day: 1).daysSinceEpoch
    scenario.start = CivilDate(daysSinceEpoch: first + (0...1094).draw(&random))
    scenario.name = scenario.municipality
    scenario.days = HardRanges.days.draw(&random)
    scenario.interval = HardRanges.intervals[(0...(HardRanges.intervals.count - 1)).draw(&random)]
    scenario.weather = HardRanges.weather.draw(&random)
    scenario.season = HardRanges.season.draw(&random)
    scenario.holidays = HardRanges.holidays.draw(&random)
  }

  private mutating func drawMeters() {
    let place = random.uniform()
    for k in 0..<HardRanges.meters.draw(&random) {
      var m = Scenario.Meter()
      m.id = "\(scenario.municipality)-\(k + 1)"
      m.name = m.id
      // The first meter stands above most others; some of those above a few more.
      if k > 0, random.uniform() < 0.8 { m.parent = scenario.meters[k > 2 && random.uniform() < 0.5 ? (1...2).draw(&random) : 0].id }
      m.zone = m.parent.flatMap { p in scenario.meters.first { $0.id == p }?.zone } ?? "z\(k + 1)"
      m.zoneName = m.zone
      m.mean = (HardRanges.mean.draw(&random) * 10).rounded() / 10
      m.night = HardRanges.night.draw(&random)
      m.shape = random.uniform() < 0.7 ? .residential : (place < 0.5 ? .commercial : .resort)
      let size = min(1.6, max(0.4, (10 / m.mean).squareRoot()))
      m.noise = HardRanges.noise.draw(&random) * size
      m.readingNoise = HardRanges.readingNoise.draw(&random) * size
      m.correlation = HardRanges.correlation.draw(&random)
      m.tail = HardRanges.tail.draw(&random)
      m.wander = HardRanges.wander.draw(&random)
      m.late = HardRanges.late.draw(&random)
      m.doubled = HardRanges.doubled.draw(&random)
      m.lost = HardRanges.lost.draw(&random)
      scenario.meters.append(m)
    }
  }
}
