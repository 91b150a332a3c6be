/// Whether it freezes so hard in a town that people let taps trickle (凍結防止の水出し).
///
/// On: the coldest of the town's thermometers is at or below `below` in two readings running. Off: it has been at or above `release` for
/// three hours, and it is 10:00 of the morning after the last cold reading. In the night that follows (18:00 to 10:00) taps may trickle still:
/// meters are treated as in frost. For five days, but for that night, the thaw is watched.
struct FrostState: BitwiseCopyable {
  static let thermometers = 4
  /// Hours of warmth that end it; local hour before which it does not end; how long a silent thermometer is believed.
  static let warmHours: Int64 = 3
  static let morning: Int64 = 10
  static let evening: Int64 = 18
  static let patience: Int64 = 12 * 3_600_000
  static let thaw: Int64 = 5 * 86_400_000
  /// Freezing nights belong to one spell when no more than this lies between them.
  private static let pause: Int64 = 3 * 86_400_000
  /// So long into a spell its days are learnt, and so long its nights are judged as others: what lasts for weeks is what winter shows here.
  static let learntAfter: Int64 = 10 * 86_400_000
  static let judgedAfter: Int64 = 42 * 86_400_000

  let group: Int32
  /// The thermometer that told of it.
  private(set) var slot: Int32 = -1
  private var slots = InlineArray<4, Int32>(repeating: -1)
  private var values = InlineArray<4, Float>(repeating: .nan)
  private var times = InlineArray<4, Int64>(repeating: Int64.min)
  private(set) var isOn = false
  private var reserved0: UInt8 = 0
  private var reserved1: UInt16 = 0
  /// Cold readings running.
  private var run: Int32 = 0
  /// °C, the coldest of the present night.
  private(set) var lowest: Float = .nan
  private var reserved2: Int32 = 0
  private var candidate = Int64.min
  /// Event times: beginning and end of the last freezing, beginning of its spell, last cold reading, since when it is warm, newest reading.
  private(set) var since = Int64.min
  private(set) var until = Int64.min
  private(set) var spell = Int64.min
  private var lastCold = Int64.min
  private var warmSince = Int64.min
  private(set) var heard = Int64.min
  /// The spell of which a common rise has been told.
  var told = Int64.min

  init(group: Int32) { self.group = group }

  /// What freezing means for a meter's reading at a moment.
  enum Phase: UInt8 {
    case none = 0
    /// Neither judged by the slow statistics nor learnt.
    case frozen = 1
    /// Many small leaks are likely: what neighbours share is no excuse.
    case thaw = 2
    /// Not judged, but learnt: a long winter.
    case settled = 3
  }

  mutating func addThermometer(_ slot: Int32) {
    for k in 0..<FrostState.thermometers where slots[k] == slot { return }
    for k in 0..<FrostState.thermometers where slots[k] < 0 {
      slots[k] = slot
      return
    }
  }

  mutating func removeThermometer(_ slot: Int32) {
    for k in 0..<FrostState.thermometers where slots[k] == slot {
      slots[k] = -1
      values[k] = .nan
      times[k] = Int64.min
    }
  }

  enum Change { case none, began, ended }

  /// Takes a reading, °C; times of one thermometer ascend.
  /// - Parameter offset: of local time, ms.
  mutating func take(_ value: Float, slot: Int32, time: Int64, below: Float, release: Float, offset: Int64) -> Change {
    guard let k = (0..<FrostState.thermometers).first(where: { slots[$0] == slot }) else { return .none }
    values[k] = value
    times[k] = time
    heard = max(heard, time)
    var coldest = Float.infinity
    for i in 0..<FrostState.thermometers where slots[i] >= 0 && heard - times[i] <= 3 * 3_600_000 { coldest = min(coldest, values[i]) }
    guard coldest.isFinite else { return .none }
    return isOn ? follow(coldest, below: below, release: release, offset: offset) : look(coldest, slot: slot, below: below)
  }

  private mutating func look(_ coldest: Float, slot: Int32, below: Float) -> Change {
    guard coldest <= below else {
      run = 0
      return .none
    }
    run += 1
    if run == 1 { candidate = heard }
    guard run >= 2 else { return .none }
    run = 0
    if spell == Int64.min || candidate - until > FrostState.pause { spell = candidate }
    self.slot = slot
    isOn = true
    since = candidate
    lowest = coldest
    lastCold = heard
    warmSince = Int64.min
    return .began
  }

  private mutating func follow(_ coldest: Float, below: Float, release: Float, offset: Int64) -> Change {
    lowest = min(lowest, coldest)
    if coldest <= below { lastCold = heard }
    guard coldest >= release else {
      warmSince = Int64.min
      return .none
    }
    if warmSince == Int64.min { warmSince = heard }
    // 10:00 after the last cold reading.
    let day = (lastCold + offset) / 86_400_000
    let sameMorning = day * 86_400_000 + FrostState.morning * 3_600_000 - offset
    let morning = sameMorning > lastCold ? sameMorning : sameMorning + 86_400_000
    guard heard - warmSince >= FrostState.warmHours * 3_600_000, heard >= morning else { return .none }
    end(at: heard)
    return .ended
  }

  /// Ends it when the thermometers have been silent for too long.
  mutating func expire(at now: Int64) -> Bool {
    guard isOn, now - heard > FrostState.patience else { return false }
    end(at: heard + FrostState.patience)
    return true
  }

  private mutating func end(at time: Int64) {
    isOn = false
    until = time
    run = 0
  }

  /// - Parameter offset: of local time, ms.
  func phase(at time: Int64, offset: Int64) -> Phase {
    if isOn && time >= since || !isOn && since != Int64.min && time >= since && time < until || isNightAfter(time, offset) {
      let age = time - spell
      return age < FrostState.learntAfter ? .frozen : age < FrostState.judgedAfter ? .settled : .none
    }
    return until != Int64.min && time >= until && time - until < FrostState.thaw ? .thaw : .none
  }

  private func isNightAfter(_ time: Int64, _ offset: Int64) -> Bool {
    guard until != Int64.min, time >= until else { return false }
    let hours = (time + offset) / 3_600_000 - (until + offset) / 86_400_000 * 24
    return hours >= FrostState.evening && hours < 24 + FrostState.morning
  }
}
