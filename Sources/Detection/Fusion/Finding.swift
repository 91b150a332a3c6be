import Readings

/// The strongest reason to believe in a leak at one moment.
struct Finding {
  /// Score over threshold; above the sensor's factor θ it opens an event.
  var ratio: Float = 0
  /// Mean excess over the window, m³/h.
  var excess: Float = 0
  var evidence: Evidence = []
  /// Hours of the window.
  var hours = 0

  mutating func consider(_ ratio: Float, _ excess: Float, _ evidence: Evidence, _ hours: Int) {
    guard ratio > self.ratio else { return }
    self.ratio = ratio
    self.excess = excess
    self.evidence = evidence
    self.hours = hours
  }
}

extension SensorState {
  /// The strongest finding among the hourly and nightly statistics.
  mutating func strongestFinding(_ j: Judgement) -> Finding {
    var f = Finding()
    let t = j.tuning
    guard baseline.form == .daily else { return volumeFinding(j) }
    let short = max(shift.eightHours / t.shift8, shift.sixHours / t.sixHours)
    if short > 0.5 {
      let (mean, median) = residualSummary(hours: shift.eightHours / t.shift8 >= short ? 8 : 6, j)
      if median > t.medianGate * mean, isAdditive(hours: 8, j) { f.consider(short, median, .sustainedShift, 8) }
    }
    guard baseline.daysSeen >= Int32(j.settings.pointee.learningDays) else { return f }
    for i in 0..<ShiftState.windows {
      let ratio = shift.scores[i] / ShiftState.threshold(i, t)
      guard ratio > 0.5, ratio > f.ratio else { continue }
      let hours = ShiftState.hours(i)
      let known = knownResiduals(hours: hours, j)
      // Below half a day hardly anything tells a constant from a scaling.
      if Selection.isMedian(j.scratch, known.count, above: t.medianGate * shift.means[i]), isAdditive(hours: max(hours, 12), j),
        i >= ShiftState.day || lasts(shift.means[i], j)
      {
        f.consider(ratio, shift.means[i], .sustainedShift, hours)
      }
    }
    if night.trend.score > 0, night.trend.excess >= t.trendFraction * abs(baseline.mean) {
      f.consider(night.trend.score / t.trend, night.trend.excess, .nightTrend, 336)
    }
    if night.score > 0 { f.consider(night.score / t.night, night.excess, .nightMinimum, 96) }
    return f
  }

  /// The strongest finding where the hour says nothing: the volume of whole days against that of days before.
  private func volumeFinding(_ j: Judgement) -> Finding {
    var f = Finding()
    guard baseline.daysSeen >= Int32(j.settings.pointee.learningDays) else { return f }
    for i in ShiftState.fourDays..<ShiftState.windows where shift.means[i] >= j.tuning.volumeFraction * abs(baseline.mean) {
      f.consider(shift.scores[i] / ShiftState.threshold(i, j.tuning), shift.means[i], .sustainedShift, ShiftState.hours(i))
    }
    return f
  }

  /// Weighted mean and median residual of the newest `hours`, m³/h; 0 with none. Of a meter that is on or off the mean in both places.
  mutating func residualSummary(hours: Int, _ j: Judgement) -> (mean: Float, median: Float) {
    let known = knownResiduals(hours: hours, j)
    return (known.mean, baseline.form == .daily ? Selection.median(j.scratch, known.count) : known.mean)
  }

  /// Copies the known residuals of the newest `hours`, m³/h, to scratch memory. O(hours)
  /// - Returns: how many these are, and their weighted mean; 0 of none.
  mutating func knownResiduals(hours: Int, _ j: Judgement) -> (count: Int, mean: Float) {
    var n = 0
    var sum: Float = 0
    var weights: Float = 0
    var at = residuals.cursor
    for _ in 0..<min(hours, ResidualRing.hours) {
      let c = residuals.code(at: at)
      if c != FixedPoint.missing {
        let e = Float(c) * baseline.quantum
        j.scratch[n] = e
        n &+= 1
        // A little of every hour: in a window by day all least-squares weights may be 0.
        let w = baseline.weight(at.hourOfDay) + 0.002
        sum += w * e
        weights += w
      }
      at.goBack()
    }
    return (n, n > 0 ? sum / weights : 0)
  }

  /// Whether an excess, m³/h, is still there: a hydrant that ran for two hours of a night fills a window of six, and has been shut.
  private mutating func lasts(_ excess: Float, _ j: Judgement) -> Bool { residualSummary(hours: 3, j).mean > 0.4 * excess }

  /// Whether a constant explains the residuals of the newest `hours` better than a scaling of the day does.
  mutating func isAdditive(hours: Int, _ j: Judgement) -> Bool {
    let m = residualMoments(hours: hours, type: 0, level: baseline.level, limit: .infinity, j.scratch)
    guard m.w > 0, m.wmm > 0 else { return false }
    // Twice the gains in log-likelihood of least squares: a constant's, a factor's.
    return m.we * m.we / m.w >= (m.wem > 0 ? m.wem * m.wem / m.wmm : 0)
  }

  /// Sums for least squares of the newest `hours` residuals on [1, expected], each hour by the inverse of its variance. O(hours)
  /// - Parameters:
  ///   - type: the kind of day whose expected flow is taken.
  ///   - level: of the expected flow, m³/h.
  ///   - limit: residuals are clipped at so many spreads.
  ///   - scratch: room for 72 values.
  mutating func residualMoments(
    hours: Int, type: Int, level: Float, limit: Float, _ scratch: UnsafeMutablePointer<Float>
  ) -> ResidualMoments {
    // By hour of day: inverse variance, expected flow, largest residual that counts.
    let (precision, expected, most) = (scratch, scratch + 24, scratch + 48)
    var h = 0
    while h < 24 {
      let s = baseline.spread(four: h)
      (1 / (s * s)).store(at: precision + h)
      (baseline.factor * baseline.profile(four: type * 24 + h) + level).store(at: expected + h)
      (limit * s).store(at: most + h)
      h &+= 4
    }
    var out = ResidualMoments()
    var at = residuals.cursor
    for _ in 0..<min(hours, ResidualRing.hours) {
      let c = residuals.code(at: at)
      if c != FixedPoint.missing {
        let (p, m, limit) = (precision[at.hourOfDay], expected[at.hourOfDay], most[at.hourOfDay])
        let e = min(max(Float(c) * baseline.quantum, -limit), limit)
        out.count &+= 1
        out.w += p
        out.wm += p * m
        out.wmm += p * m * m
        out.we += p * e
        out.wem += p * e * m
      }
      at.goBack()
    }
    return out
  }

  /// Hours back to the likeliest beginning of a step that lasts until now: maximises the likelihood of the step's size.
  mutating func hoursSinceChange(atLeast: Int, atMost: Int) -> Int {
    var at = residuals.cursor
    var sum: Float = 0
    var precision: Float = 0
    var best: Float = 0
    var hours = max(atLeast, 1)
    for age in 0..<min(max(atMost, 1), ResidualRing.hours) {
      let c = residuals.code(at: at)
      if c != FixedPoint.missing {
        let w = 1 / (baseline.spread(at.hourOfDay) * baseline.spread(at.hourOfDay))
        sum += w * Float(c) * baseline.quantum
        precision += w
        let score = sum > 0 ? sum * sum / precision : 0
        if score > best && age + 1 >= atLeast {
          best = score
          hours = age + 1
        }
      }
      at.goBack()
    }
    return hours
  }
}

/// Weighted sums over residuals e and expected flows m: of 1, m, m², e and e·m.
struct ResidualMoments {
  var count = 0
  var w: Float = 0
  var wm: Float = 0
  var wmm: Float = 0
  var we: Float = 0
  var wem: Float = 0
}
