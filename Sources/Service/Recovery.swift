import Detection
import Logging
import Readings
import Store

/// Brings the detector back to where the history ends: newest usable checkpoint, then the readings stored after it.
struct Recovery {
  let store: Store
  let profiles: ProfileBook
  let logger: Logger
  /// For how many sensors the detector gets memory at once.
  var room = 16

  typealias Result = (engine: Engine, sensors: [StoredSensor], transitions: [Emitted])

  /// What a stretch of the replayed history emitted.
  struct Emitted {
    var transitions: [Transition] = []
    /// Whether nobody is told of them: their readings were imported, or the whole history was judged anew by another engine, whose
    /// events of the past are no news.
    var isSilent = false
  }

  /// - Returns: the engine, and the transitions that the replay emitted. Those already stored are recognised by their keys at the commit.
  func run() throws -> Result {
    let sensors = try store.sensors()
    profiles.cards.load(try store.meterCards())
    var position: Int64 = 0
    let engine = Engine(
      try profiles.detector(from: { try store.checkpoint(before: $0) }, sensors, room: room, covers: &position) { error in
        logger.warning("保存した状態が使えません。履歴から作り直します / checkpoint not usable: replaying history", metadata: ["reason": "\(error)"])
      })
    let isRebuilt = position == 0 && store.position > 0
    var emitted: [Emitted] = []
    var transitions: [Transition] = []
    var count = 0
    var chunk: [Reading] = []
    chunk.reserveCapacity(4096)
    func judge() {
      chunk.withUnsafeBufferPointer { engine.process($0) { transitions.append($0) } }
      chunk.removeAll(keepingCapacity: true)
    }
    var from = position
    for stretch in try store.stretches(after: position) {
      try store.replay(after: from, through: stretch.last) { entry in
        count += 1
        if case .reading(let r) = entry {
          chunk.append(r)
          if chunk.count == 4096 { judge() }
        } else {
          judge()
          engine.replay(entry) { transitions.append($0) }
        }
      }
      judge()
      if !transitions.isEmpty { emitted.append(Emitted(transitions: transitions, isSilent: stretch.isImported || isRebuilt)) }
      transitions.removeAll()
      from = stretch.last
    }
    logger.info(
      "状態を復元しました / state restored",
      metadata: ["sensors": "\(sensors.count)", "from_checkpoint": "\(position)", "replayed": "\(count)"])
    if isRebuilt { try endGhosts(sensors, emitted) }
    return (engine, sensors, emitted)
  }

  /// Events that the last engine left open and this one does not know would stay open for ever.
  private func endGhosts(_ sensors: [StoredSensor], _ emitted: [Emitted]) throws {
    let ids = Dictionary(uniqueKeysWithValues: sensors.map { ($0.slot, $0.id) })
    var open: Set<String> = []
    var last = Timestamp(milliseconds: 0)
    for t in emitted.flatMap(\.transitions) {
      guard let id = ids[t.slot] else { continue }
      let key = t.eventKey(sensor: id)
      if t.change == .closed { open.remove(key) } else { open.insert(key) }
      last = max(last, t.time)
    }
    let ended = try store.endEvents(except: open, at: last)
    if ended > 0 {
      logger.notice(
        "前の版が開いたままにした事象を閉じました / closed events that only the previous engine held open", metadata: ["events": "\(ended)"])
    }
  }

  /// Stores what the replay emitted. What was stored before the last stop is recognised by its keys.
  static func commit(_ emitted: [Emitted], to store: Store) throws(StoreError) {
    for e in emitted {
      var batch = IngestBatch()
      batch.transitions = e.transitions
      batch.isImported = e.isSilent
      try store.commit(batch)
    }
  }
}

extension ProfileBook {
  /// The detector of the newest checkpoint that can be used, or a new one, with all sensors and what the settings say of them.
  /// - Parameters:
  ///   - checkpoint: the newest before the one of that name; asked again when it cannot be used.
  ///   - position: becomes the position in history that the detector covers; 0 for a new one.
  ///   - isUnusable: told of each checkpoint that is passed over: the replay is the longer.
  func detector(
    from checkpoint: (Int64) throws -> StoredCheckpoint?, _ sensors: [StoredSensor], room: Int = 16, covers position: inout Int64,
    isUnusable: (SnapshotError) -> Void = { _ in }
  ) rethrows -> Detector {
    var out = try base(checkpoint, max(room, sensors.count), covers: &position, isUnusable)
    let slots = Dictionary(uniqueKeysWithValues: sensors.map { ($0.id, $0.slot) })
    // A meter must know the gauges that came after it.
    for s in sensors { gauges.note(s.id) }
    for s in sensors {
      let profile = profile(s.id, slot: { slots[$0] })
      if Int(s.slot) < out.sensorCount { out.setProfile(s.slot, profile) } else { _ = out.addSensor(profile) }
    }
    // A detector that is made anew could not tie a meter to a gauge that comes after it.
    for s in sensors where !pressure(of: s.id).isEmpty { out.setProfile(s.slot, profile(s.id, slot: { slots[$0] })) }
    for zone in zones {
      if let slot = slots[zone.id] { _ = out.setZone(slot, zone.members { slots[$0] }) }
    }
    for tank in tanks {
      if let slot = slots[tank.id] { _ = out.setTank(slot, tank) { slots[$0] } }
    }
    return out
  }

  private func base(
    _ checkpoint: (Int64) throws -> StoredCheckpoint?, _ room: Int, covers position: inout Int64, _ isUnusable: (SnapshotError) -> Void
  ) rethrows -> Detector {
    var name = Int64.max
    while let c = try checkpoint(name) {
      name = c.id
      do throws(SnapshotError) {
        let d = try Detector.restore(count: c.state.count, settings: detector, calendar: calendar, room: room) {
          c.state.read(at: $0, into: $1)
        }
        position = c.position
        return d
      } catch {
        isUnusable(error)
      }
    }
    position = 0
    return Detector(settings: detector, calendar: calendar, room: room)
  }
}
