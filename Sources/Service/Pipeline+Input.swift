import Codecs
import Detection
import Logging
import Readings
import Store
import Synchronization

extension Pipeline {
  /// The sensor of a topic: one look-up for a known one; an unknown one is matched, checked against the cap and registered.
  func resolve(_ topic: UnsafeBufferPointer<UInt8>) -> Route? {
    if let known = topics.slot(of: topic) { return routes[Int(known)] }
    for (n, input) in inputs.enumerated() {
      switch input.pattern.match(topic) {
      case .sensor(let id): return register(id, topic: topic, input: n)
      case .failure(let error):
        reject(error.code, topic: topic)
        return nil
      case .other: continue
      }
    }
    if !isOwn(topic) { reject("topic_mismatch", topic: topic) }
    return nil
  }

  /// Topics beside the readings that are no mistake of anybody's: what alerts publish, and what sensors say of themselves.
  private func isOwn(_ topic: UnsafeBufferPointer<UInt8>) -> Bool {
    ["/event", "/leak", "/status"].contains { topic.count > $0.utf8.count && topic.suffix($0.utf8.count).elementsEqual($0.utf8) }
  }

  /// A topic seen for the first time. `topics` maps it to its place in `routes`; several topics may name one sensor.
  private func register(_ id: SensorID, topic: UnsafeBufferPointer<UInt8>, input: Int) -> Route? {
    // What a zone adds up cannot be published as well, nor what the service says of itself.
    guard id != .service, !profiles.zones.contains(where: { $0.id == id }) else {
      reject("zone_sensor", topic: topic)
      return nil
    }
    guard let slot = slots[id] ?? addSensor(id) else { return nil }
    let route = Route(slot: slot, input: input, id: id, allowsReverseFlow: profiles.allowsReverseFlow(id))
    // A full table only costs speed: the topic is matched anew each time.
    if topics.insert(topic, slot: SensorSlot(routes.count)) { routes.append(route) }
    return route
  }

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
    let slot = engine.addSensor(profiles.profile(id, slots: slots))
    slots[id] = slot
    for other in profiles.related(to: id) {
      if let known = slots[other] { engine.setProfile(known, profiles.profile(other, slots: slots)) }
    }
    for zone in profiles.zones where zone.id == id || zone.contains(id) {
      guard let known = slots[zone.id] else { continue }
      if !engine.setZone(known, zone.members(slots)) {
        logger.error("区域の流入量を計算できません（zones を確かめてください） / zone not evaluated: check zones", metadata: ["zone": "\(zone.id)"])
      }
    }
    directory.append(id)
    filter.add(newestStored: nil)
    batch.newSensors.append((slot, id))
    logger.info("新しいセンサー / new sensor", metadata: ["sensor": "\(id)"])
    return slot
  }

  /// Decodes one payload into `decoded`; false, with the reason counted, when it is not accepted. Acknowledged all the same.
  func decode(_ payload: UnsafeBufferPointer<UInt8>, route: Route, now: Timestamp, topic: UnsafeBufferPointer<UInt8>) -> Bool {
    decoded.removeAll(keepingCapacity: true)
    let error = inputs[route.input].decoder.decode(
      payload, quantity: route.id.quantity, sensor: route.id, allowsReverseFlow: route.allowsReverseFlow, now: now
    ) { decoded.append($0) }
    guard let error else { return true }
    if error.reason == .timestampFuture { noteFuture(route, arrival: now) }
    reject(error.code, topic: topic, offset: error.offset, payload: payload)
    return false
  }

  /// A reading from the future is not taken, but its sender's clock is worth an event. The arrival is in event time, as readings' are.
  private func noteFuture(_ route: Route, arrival: Timestamp) {
    let reached = clock.now(monotonic: Clocks.monotonic(), wall: arrival) ?? arrival
    engine.noteClockAhead(route.slot, arrival: reached) { batch.transitions.append($0) }
    batch.entries.append(.ahead(route.slot, arrival: reached))
  }

  /// Passes the decoded readings through the duplicate filter and on to judgement.
  func accept(_ route: Route, arrival: Timestamp) {
    // How late a reading is counts from the stream's own time: a backlog of the broker's, or a town played in fast motion, is not late.
    let stream = clock.now(monotonic: Clocks.monotonic(), wall: arrival)
    for d in decoded {
      let time = d.time ?? arrival
      let reached = time > arrival ? arrival : max(stream ?? time, time)
      let r = Reading(slot: route.slot, time: time, arrival: reached, value: d.value, sequence: d.sequence)
      do {
        guard try filter.accept(r, isStored: { try store.contains($0) }) else {
          counters.duplicates.add(1, ordering: .relaxed)
          continue
        }
      } catch {
        fatal = error
        return
      }
      accepted.append(r)
      if let battery = d.battery { batteries.note(route.slot, battery, at: time) }
      clock.observe(r.time, monotonic: Clocks.monotonic())
    }
    if !accepted.isEmpty { counters.lastArrival.store(arrival.milliseconds, ordering: .relaxed) }
    judge()
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
