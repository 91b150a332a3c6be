import Detection
import Logging
import Readings
import Store

/// Brings the detector back to where the history ends: newest usable checkpoint, then the readings stored after it.
struct Recovery {
  let store: Store
  let profiles: ProfileBook
  let logger: Logger

  /// - Returns: the engine, and the transitions that the replay emitted. Those already stored are recognised by their keys at the commit.
  func run() throws -> (engine: Engine, sensors: [StoredSensor], transitions: [Transition]) {
    let sensors = try store.sensors()
    var position: Int64 = 0
    var detector = try base(&position)
    let slots = Dictionary(uniqueKeysWithValues: sensors.map { ($0.id, $0.slot) })
    for s in sensors {
      if Int(s.slot) < detector.sensorCount {
        detector.setProfile(s.slot, profiles.profile(s.id, slots: slots))
      } else {
        _ = detector.addSensor(profiles.profile(s.id, slots: slots))
      }
    }
    let engine = Engine(detector)
    var transitions: [Transition] = []
    var count = 0
    var chunk: [Reading] = []
    chunk.reserveCapacity(4096)
    func judge() {
      chunk.withUnsafeBufferPointer { engine.process($0) { transitions.append($0) } }
      chunk.removeAll(keepingCapacity: true)
    }
    try store.replay(after: position) { entry in
      count += 1
      switch entry {
      case .reading(let r):
        chunk.append(r)
        if chunk.count == 4096 { judge() }
      case .tick(let t):
        judge()
        engine.advance(to: t) { transitions.append($0) }
      }
    }
    judge()
    logger.info(
      "状態を復元しました / state restored",
      metadata: ["sensors": "\(sensors.count)", "from_checkpoint": "\(position)", "replayed": "\(count)"])
    return (engine, sensors, transitions)
  }

  /// The detector of the newest checkpoint that can be used, or a new one.
  private func base(_ position: inout Int64) throws -> Detector {
    for checkpoint in try store.checkpoints() {
      do {
        position = checkpoint.position
        return try Detector.restore(checkpoint.state, settings: profiles.detector, calendar: profiles.calendar)
      } catch {
        logger.warning("保存した状態が使えません。履歴から作り直します / checkpoint not usable: replaying history", metadata: ["reason": "\(error)"])
      }
    }
    position = 0
    return Detector(settings: profiles.detector, calendar: profiles.calendar)
  }
}
