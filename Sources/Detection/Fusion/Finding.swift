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
  func strongestFinding(_ j: Judgement) -> Finding {
    var f = Finding()
    let t = j.tuning
    let short = max(shift.eightHours / t.shift8, shift.sixHours / t.sixHours)
    if short > 0.5 {
      let (mean, median) = residualSummary(hours: shift.eightHours / t.shift8 >= short ? 8 : 6, j)
      if median > t.medianGate * mean { f.consider(short, median, .sustainedShift, 8) }
    }
    guard baseline.daysSeen >= Int32(j.settings.pointee.learningDays) else { return f }
    for i in 0..<2 {
      let ratio = shift.shortScores[i] / t.shift12
      guard ratio > 0.5, ratio > f.ratio else { continue }
      let (_, median) = residualSummary(hours: i == 0 ? 6 : 12, j)
      if median > t.medianGate * shift.shortMeans[i], isAdditive(hours: 12) {
        f.consider(ratio, shift.shortMeans[i], .sustainedShift, i == 0 ? 6 : 12)
      }
    }
    for i in 0..<5 {
      let ratio = shift.scores[i] / ShiftState.threshold(i, t)
      guard ratio > 0.5, ratio > f.ratio else { continue }
      let (_, median) = residualSummary(hours: ShiftState.hours(i), j)
      if median > t.medianGate * shift.means[i], isAdditive(hours: ShiftState.hours(i)) {
        f.consider(ratio, shift.means[i], .sustainedShift, ShiftState.hours(i))
      }
    }
    if night.score > 0 { f.consider(night.score / t.night, night.excess, .nightMinimum, 96) }
    return f
  }

  /// Weighted mean and median residual of the newest `hours`, m³/h; 0 with none.
  func residualSummary(hours: Int, _ j: Judgement) -> (mean: Float, median: Float) {
    var n = 0
    var sum: Float = 0
    var weights: Float = 0
    var h = residuals.newestHourOfDay
    for age in 0..<min(hours, ResidualRing.hours) {
      let c = residuals.code(age: age)
      if c != FixedPoint.missing {
        let e = Float(c) * baseline.quantum
        j.scratch[n] = e
        n += 1
        // A little of every hour: in a window by day all least-squares weights may be 0.
        let w = baseline.weight[h] + 0.002
        sum += w * e
        weights += w
      }
      h = h == 0 ? 23 : h - 1
    }
    return n > 0 ? (sum / weights, Selection.median(j.scratch, n)) : (0, 0)
  }

  /// Whether a constant explains the residuals of the newest `hours` better than a scaling of the day does.
  func isAdditive(hours: Int) -> Bool {
    var h = residuals.newestHourOfDay
    var w: Float = 0
    var wmm: Float = 0
    var we: Float = 0
    var wem: Float = 0
    for age in 0..<min(hours, ResidualRing.hours) {
      let c = residuals.code(age: age)
      if c != FixedPoint.missing {
        let p = 1 / (baseline.spread[h] * baseline.spread[h])
        let m = baseline.expected(type: 0, hour: h)
        let e = Float(c) * baseline.quantum
        w += p
        wmm += p * m * m
        we += p * e
        wem += p * e * m
      }
      h = h == 0 ? 23 : h - 1
    }
    guard w > 0, wmm > 0 else { return false }
    // Twice the gains in log-likelihood of least squares: a constant's, a factor's.
    return we * we / w >= (wem > 0 ? wem * wem / wmm : 0)
  }

  /// Hours back to the likeliest beginning of a step that lasts until now: maximises the likelihood of the step's size.
  func hoursSinceChange(atLeast: Int, atMost: Int) -> Int {
    var h = residuals.newestHourOfDay
    var sum: Float = 0
    var precision: Float = 0
    var best: Float = 0
    var hours = max(atLeast, 1)
    for age in 0..<min(max(atMost, 1), ResidualRing.hours) {
      let c = residuals.code(age: age)
      if c != FixedPoint.missing {
        let w = 1 / (baseline.spread[h] * baseline.spread[h])
        sum += w * Float(c) * baseline.quantum
        precision += w
        let score = sum > 0 ? sum * sum / precision : 0
        if score > best && age + 1 >= atLeast {
          best = score
          hours = age + 1
        }
      }
      h = h == 0 ? 23 : h - 1
    }
    return hours
  }
}
