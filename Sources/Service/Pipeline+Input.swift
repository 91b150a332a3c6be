import Codecs
import Detection
import Logging
import Readings
import Store
import Synchronization

extension Pipeline {
  /// The place in `routes` of a topic: one look-up for a known one; an unknown one is matched, checked against the cap and registered.
  func resolve(_ topic: UnsafeBufferPointer<UInt8>) -> Int? {
    if let known = topics.slot(of: topic) { return Int(known) }
    for (n, input) in inputs.enumerated() {
      switch input.pattern.match(topic) {
      case .sensor(let id): return register(id, topic: topic, input: n)
      case .failure(let error):
        reject(error.code, topic: topic)
        return nil
      case .other: continue
      }
    }
    if !Input.isBesideReadings(topic) { reject("topic_mismatch", topic: topic) }
    return nil
  }

  /// A topic seen for the first time. `topics` maps it to its place in `routes`; several topics may name one sensor.
  private func register(_ id: SensorID, topic: UnsafeBufferPointer<UInt8>, input: Int) -> Int? {
    if inputs[input].dialect != nil { return registerDevice(id, topic: topic, input: input) }
    // What a zone adds up cannot be published as well, nor what the service says of itself.
    guard mayBePublished(id) else {
      reject("zone_sensor", topic: topic)
      return nil
    }
    guard let slot = directory.slot(of: id) ?? addSensor(id) else { return nil }
    let route = Route(slot: slot, input: input, id: id, allowsReverseFlow: profiles.allowsReverseFlow(id))
    guard topics.insert(topic, slot: SensorSlot(routes.count)) else {
      // A full table only costs speed: the topic is matched anew each time.
      routes[0] = route
      return 0
    }
    routes.append(route)
    return routes.count - 1
  }

  func mayBePublished(_ id: SensorID) -> Bool { id != .service && !profiles.isDerived(id) }

  func addSensor(_ id: SensorID) -> SensorSlot? {
    guard directory.count < limits.maximumSensors else {
      if counters.reject("sensor_cap") {
        logger.error(
          "センサーの数が上限 \(limits.maximumSensors) に達しました。新しいものは受け付けません（limits.max_sensors） / too many sensors: new ones are refused",
          metadata: ["sensor": "\(id)"])
      }
      noteFullTable()
      return nil
    }
    judge()
    let slot = engine.addSensor(profiles.profile(id, slot: directory.slot))
    directory.append(id)
    for other in profiles.related(to: id) {
      if let known = directory.slot(of: other) { engine.setProfile(known, profiles.profile(other, slot: directory.slot)) }
    }
    for zone in profiles.zones(of: id) {
      guard let known = directory.slot(of: zone.id) else { continue }
      if !engine.setZone(known, zone.members(directory.slot)) {
        logger.error("区域の流入量を計算できません（zones を確かめてください） / zone not evaluated: check zones", metadata: ["zone": "\(zone.id)"])
      }
    }
    for tank in profiles.tanks where tank.id == id || tank.sources.contains(id) {
      guard let known = directory.slot(of: tank.id) else { continue }
      if !engine.setTank(known, tank, directory.slot) {
        logger.error("配水池の水収支を計算できません（tanks を確かめてください） / balance not evaluated: check tanks", metadata: ["tank": "\(tank.id)"])
      }
    }
    intake.filter.add(newestStored: nil)
    batch.newSensors.append((slot, id))
    logger.info("新しいセンサー / new sensor", metadata: ["sensor": "\(id)"])
    return slot
  }

  /// Decodes one payload into `intake.decoded`; false, with the reason counted, when it is not accepted. Acknowledged all the same.
  func decode(
    _ payload: UnsafeBufferPointer<UInt8>, _ place: Int, now: Timestamp, monotonic: Int64, topic: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    intake.decoded.removeAll(keepingCapacity: true)
    let error = Pipeline.decode(payload, &routes[place], inputs, shapes, now, into: &intake.decoded)
    guard let error else { return true }
    if error.reason == .timestampFuture { noteFuture(routes[place].slot, arrival: now) }
    if error.reason == .negativeFlow { noteReverse(payload, place, now: now, monotonic: monotonic) }
    reject(error.code, topic: topic, offset: error.offset, payload: payload)
    return false
  }

  private static func decode(
    _ payload: UnsafeBufferPointer<UInt8>, _ route: inout Route, _ inputs: borrowing [Input], _ shapes: RecordShapes, _ now: Timestamp,
    into decoded: inout [DecodedReading]
  ) -> DecodeError? {
    inputs[route.input].decoder.decode(
      payload, quantity: route.id.quantity, sensor: route.id, allowsReverseFlow: route.allowsReverseFlow, now: now, shapes: shapes,
      hint: &route.shape, into: &decoded)
  }

  /// A reading from the future is not taken, but its sender's clock is worth an event. The arrival is in event time, as readings' are.
  func noteFuture(_ slot: SensorSlot, arrival: Timestamp) {
    judge()
    let reached = clock.now(monotonic: Clocks.monotonic(), wall: arrival) ?? arrival
    engine.noteClockAhead(slot, arrival: reached) { batch.transitions.append($0) }
    batch.entries.append(.ahead(slot, arrival: reached))
  }

  /// Passes the decoded readings through the duplicate filter and on towards judgement.
  func accept(_ slot: SensorSlot, arrival: Timestamp, monotonic: Int64) {
    let before = intake.accepted.count
    do {
      let known = try intake.take(
        slot, arrival: arrival, monotonic: monotonic, isStored: { try store.contains($0) },
        battery: { batteries.note(slot, $0, at: $1) })
      if known > 0 { counters.duplicates.add(known, ordering: .relaxed) }
    } catch {
      fatal = error
    }
    if intake.accepted.count > before { counters.lastArrival.store(arrival.milliseconds, ordering: .relaxed) }
  }

  /// Counts a message that is not accepted and shows the 1st, 2nd, 4th, 8th … of its reason in the log.
  func reject(_ reason: String, topic: UnsafeBufferPointer<UInt8>, offset: Int? = nil, payload: UnsafeBufferPointer<UInt8>? = nil) {
    guard counters.reject(reason) else { return }
    var metadata: Logger.Metadata = ["reason": "\(reason)", "topic": "\(String(decoding: topic.prefix(200), as: UTF8.self))"]
    if let offset { metadata["offset"] = "\(offset)" }
    if let payload { metadata["payload"] = "\(String(decoding: payload.prefix(120), as: UTF8.self))" }
    logger.warning("受け付けられない電文 / message refused", metadata: metadata)
  }
}
