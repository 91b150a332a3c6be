extension BaselineState {
  /// Computes profile, spread, mean, weights and noise from the ring. Once a day; O(ring) but for the hours that `prepare` has done.
  mutating func refit(_ noise: inout NoiseState, _ tuning: Tuning, _ scratch: UnsafeMutablePointer<Float>) {
    guard ringCount > 0 else { return }
    for h in 0..<24 where !ahead.isDone(h) { fit(hour: h, scratch) }
    turn()
    fillHoles()
    var sum: Float = 0
    for h in 0..<24 { sum += 5 * profile(h) + profile(24 + h) + profile(48 + h) }
    mean = factor * sum / 168 + level
    fitSpread(tuning)
    fitWeights(tuning)
    noise.refit(&self, tuning, scratch)
    fitForm(switching: noise.switching)
    ahead.clear()
  }

  /// Does one hour's part of the next `refit` as if the day that waits longest were in the ring already. O(days).
  ///
  /// What comes out is the same whether it was done ahead or not; but midnight is when all sensors have this to do.
  mutating func prepare(hour h: Int, _ scratch: UnsafeMutablePointer<Float>) {
    guard ringCount >= 7, Int(queueCount) >= BaselineState.waiting, !ahead.isDone(h), !ahead.isDayDone else { return }
    let d = Int(ringNext)
    let place = BaselineState.place(d, h)
    let kept = (code: ring.at(place), type: ringTypes.at(d), count: ringCount)
    ring.set(place, queue.at(h))
    ringTypes.set(d, queueTypes.at(0))
    ringCount = min(ringCount + 1, UInt8(BaselineState.ringDays))
    fit(hour: h, scratch)
    ring.set(place, kept.code)
    ringTypes.set(d, kept.type)
    ringCount = kept.count
  }

  /// Fits an hour of the next profile. Until `refit` σ of the days around it stands for its spread (m³/h), and how many days there are for its
  /// weight.
  private mutating func fit(hour h: Int, _ scratch: UnsafeMutablePointer<Float>) {
    let days = HourColumn(&self, hour: h, scratch)
    ahead.note(h)
    var next = HourFit(profile: (.nan, .nan, .nan), deviation: 0)
    if days.count > 0, form == .daily { next = HourFit(medians: days, quantum: quantum, near: profile(h)) }
    if days.count > 0, form != .daily { next = HourFit(means: days, quantum: quantum) }
    turn()
    set(profile: h, next.profile.0)
    set(profile: 24 + h, next.profile.1)
    set(profile: 48 + h, next.profile.2)
    set(spread: h, next.deviation)
    set(weight: h, Float(days.count))
    turn()
  }

  /// Hours that no day in the ring has are taken from their neighbours.
  private mutating func fillHoles() {
    for h in 0..<24 where profile(h).isNaN {
      var k = 1
      while k < 24 && profile((h + k) % 24).isNaN { k += 1 }
      for t in 0..<3 { set(profile: t * 24 + h, k < 24 ? profile(t * 24 + (h + k) % 24) : 0) }
    }
  }

  private mutating func fitSpread(_ tuning: Tuning) {
    var raw = InlineArray<24, Float>(repeating: 0)
    let floor = tuning.spreadFloor * abs(mean)
    let prior = 0.1 * abs(mean)
    for h in 0..<24 {
      // Few days understate the spread; before a week there is hardly any, so a tenth of the mean is mixed in.
      let q = max(weight(h), 1)
      let s = spread(h) * (1 + 2 / q)
      raw[h] = (q * s * s + 1.5 * prior * prior) / (q + 1.5)
    }
    for h in 0..<24 {
      let smooth = (raw.at(h == 0 ? 23 : h - 1) + 2 * raw.at(h) + raw.at(h == 23 ? 0 : h + 1)) / 4
      set(spread: h, max((smooth + floor * floor).squareRoot(), 1e-9))
    }
    if form != .daily { evenSpread() }
  }

  /// Generalised least squares weights for an additive constant while the whole day may be scaled by a common factor of variance τ²:
  /// a leak adds, weather and visitors multiply. They fall on the night hours by themselves.
  private mutating func fitWeights(_ tuning: Tuning) {
    let tau2 = tuning.commonFactor * tuning.commonFactor
    var (expected, byVariance, squares) = (Hours(repeating: 0), Hours(repeating: 0), Hours(repeating: 0))
    var h = 0
    while h < 24 {
      let m = factor * profile(four: h) + level
      let s2 = spread(four: h) * spread(four: h)
      expected.set(four: h, m)
      byVariance.set(four: h, m / s2)
      squares.set(four: h, m * m / s2)
      h &+= 4
    }
    var (a, b): (Float, Float) = (0, 0)
    for h in 0..<24 {
      a += byVariance.at(h)
      b += squares.at(h)
    }
    let f = tau2 * a / (1 + tau2 * b)
    h = 0
    while h < 24 {
      let s2 = spread(four: h) * spread(four: h)
      set(weightFour: h, (1 - expected.four(h) * f).larger(.zero) / s2)
      h &+= 4
    }
    var sum: Float = 0
    for h in 0..<24 { sum += weight(h) }
    guard sum > 0 && sum.isFinite && form == .daily else {
      for h in 0..<24 { set(weight: h, 1 / 24) }
      return
    }
    h = 0
    while h < 24 {
      set(weightFour: h, weight(four: h) / sum)
      h &+= 4
    }
  }

  private typealias Hours = InlineArray<24, Float>
}

/// One hour of a profile, m³/h by day type, and σ of the days around that.
struct HourFit {
  var profile: (Float, Float, Float)
  var deviation: Float
}

extension HourFit {
  /// Median of workdays; rest days are shrunk to it, the more the fewer there are. And how far the days lie from that.
  /// - Parameter near: the hour's workday of the day before, m³/h.
  init(medians days: HourColumn, quantum: Float, near workday: Float) {
    let work = days.medianOfWork(near: workday / quantum)
    let rest = days.mediansOfRest()
    let n = Float(days.saturdays + days.holidays)
    let pool = n == 0 ? work : work + (rest.both - work) * n / (n + 0.7)
    func own(_ median: Float, _ days: Int) -> Float {
      days == 0 ? pool : pool + (median - pool) * Float(days) / (Float(days) + 1.4)
    }
    let (workday, saturday, holiday) = (
      work * quantum, own(rest.saturdays, days.saturdays) * quantum, own(rest.holidays, days.holidays) * quantum
    )
    self.init(
      profile: (workday, saturday, holiday), deviation: days.deviation(quantum: quantum, from: workday, saturday, holiday))
  }

  /// Mean and standard deviation of all days, whatever kind of day it is: pumps keep no holidays.
  init(means days: HourColumn, quantum: Float) {
    let (mean, deviation) = days.meanAndDeviation()
    self.init(profile: (mean * quantum, mean * quantum, mean * quantum), deviation: deviation * quantum)
  }
}
