import Readings

extension HardTown {
  mutating func drawLeaks() {
    for m in scenario.meters {
      for (chance, days) in zip(HardRanges.leakChance, HardRanges.leakDays) where random.uniform() < chance {
        let kind = random.uniform() < HardRanges.burstShare ? Scenario.Kind.burst : .incipient
        let hours = kind == .burst ? HardRanges.burstHours.draw(&random) : HardRanges.incipientHours.draw(&random)
        // It is repaired before the end.
        let day = max(HardRanges.quiet, min(days.draw(&random), Double(scenario.days) - hours / 24 - 1))
        add(kind, m, day: day, hours: hours, flow: m.mean * HardRanges.leakSize.draw(&random))
      }
    }
  }

  mutating func drawDemandEvents() {
    let last = Double(scenario.days)
    for m in scenario.meters {
      for _ in 0..<2 where random.uniform() < HardRanges.flushings / 2 {
        add(
          .flushing, m, day: 8 + (last - 10) * random.uniform(), hours: HardRanges.flushingHours.draw(&random),
          flow: m.mean * HardRanges.flushingSize.draw(&random))
      }
    }
    if random.uniform() < HardRanges.tourists {
      // Visitors come to every place, to each in its measure.
      let (day, hours) = (25 + (last - 35) * random.uniform(), HardRanges.touristHours.draw(&random))
      for m in scenario.meters { add(.tourist, m, day: day, hours: hours, flow: m.mean * HardRanges.touristSize.draw(&random)) }
    }
    if random.uniform() < HardRanges.growths {
      let m = scenario.meters[(0...(scenario.meters.count - 1)).draw(&random)]
      let day = 22 + (last - 47) * random.uniform()
      add(.growth, m, day: day, hours: (last - day) * 24, flow: m.mean * HardRanges.growthSize.draw(&random))
    }
    drawFreeze()
  }

  /// Cold comes in December to the middle of March, to all places at once, at ten in the evening.
  private mutating func drawFreeze() {
    let (wanted, hours, size) = (
      random.uniform(), HardRanges.freezeHours.draw(&random), HardRanges.freezeSize.draw(&random)
    )
    let cold = (Int(HardRanges.quiet)..<(scenario.days - 6)).filter {
      let d = CivilDate(daysSinceEpoch: scenario.start.daysSinceEpoch + $0)
      return d.month == 12 || d.month <= 2 || (d.month == 3 && d.day <= 15)
    }
    guard wanted < HardRanges.freezes, !cold.isEmpty else { return }
    let day = Double(cold[(0...(cold.count - 1)).draw(&random)]) + 22.0 / 24
    for m in scenario.meters { add(.freeze, m, day: day, hours: hours, flow: m.mean * size * (0.7...1.3).draw(&random)) }
  }

  mutating func drawFaults() {
    let last = Double(scenario.days)
    for m in scenario.meters {
      for _ in 0..<3 where random.uniform() < HardRanges.gaps / 3 {
        add(.gap, m, day: (last - 2.5) * random.uniform(), hours: HardRanges.gapHours.draw(&random))
      }
      if random.uniform() < HardRanges.stuck {
        add(.stuck, m, day: 16 + (last - 18) * random.uniform(), hours: HardRanges.stuckHours.draw(&random))
      }
      if random.uniform() < HardRanges.resets {
        add(.reset, m, day: 16 + (last - 18) * random.uniform(), hours: HardRanges.resetHours.draw(&random))
      }
      if random.uniform() < HardRanges.spikes {
        let hours = Double(scenario.interval) / 3600
        add(.spike, m, day: 5 + (last - 6) * random.uniform(), hours: hours, flow: m.mean * (3.0...20.0).draw(&random))
      }
    }
  }

  private mutating func add(_ kind: Scenario.Kind, _ m: Scenario.Meter, day: Double, hours: Double, flow: Double = 0) {
    // On the grid of the readings, so that label and rows agree.
    let step = Double(scenario.interval)
    var e = Scenario.Event()
    e.kind = kind
    e.meter = m.id
    e.day = (day * 86_400 / step).rounded() * step / 86_400
    e.hours = max(1, (hours * 3600 / step).rounded()) * step / 3600
    e.flow = flow
    scenario.events.append(e)
  }
}
