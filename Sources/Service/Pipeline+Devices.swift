import Codecs
import Readings
import Synchronization

/// Messages that hold several quantities of one device.
extension Pipeline {
  /// A topic of a device seen for the first time. Its sensors are registered when their readings come.
  func registerDevice(_ id: SensorID, topic: UnsafeBufferPointer<UInt8>, input: Int) -> Int {
    let flow = id.sibling(.flow)
    var route = Route(slot: SensorID.serviceSlot, input: input, id: flow, allowsReverseFlow: profiles.allowsReverseFlow(flow))
    guard topics.insert(topic, slot: SensorSlot(routes.count)) else {
      // As for other routes: a full table only costs speed.
      devices[0] = Device(id: flow)
      route.device = 0
      routes[0] = route
      return 0
    }
    route.device = devices.count
    devices.append(Device(id: flow))
    routes.append(route)
    return routes.count - 1
  }

  /// Decodes a message and passes its readings on, quantity by quantity. What is not accepted is counted and acknowledged all the same.
  func receiveDevice(
    _ payload: UnsafeBufferPointer<UInt8>, _ place: Int, now: Timestamp, monotonic: Int64, topic: UnsafeBufferPointer<UInt8>
  ) {
    let route = routes[place]
    guard let decoder = inputs[route.input].dialect else { return }
    deviceReadings.removeAll(keepingCapacity: true)
    let error = decoder.decode(
      payload, sensor: route.id, allowsReverseFlow: route.allowsReverseFlow, now: now, into: &deviceReadings)
    if let error {
      if error.reason == .timestampFuture, let slot = devices[route.device].anySlot { noteFuture(slot, arrival: now) }
      if error.reason == .negativeFlow { noteReverse(payload, device: place, now: now, monotonic: monotonic, topic: topic) }
      return reject(error.code, topic: topic, offset: error.offset, payload: payload)
    }
    for q in Quantity.allCases where deviceReadings.contains(where: { $0.quantity == q }) {
      guard let slot = slot(of: q, route.device, topic: topic) else { continue }
      intake.decoded.removeAll(keepingCapacity: true)
      for r in deviceReadings where r.quantity == q { intake.decoded.append(r.reading) }
      accept(slot, arrival: now, monotonic: monotonic)
      if let signal = deviceReadings.last?.signal { batteries.note(slot, signal: signal) }
    }
  }

  func slot(of quantity: Quantity, _ device: Int, topic: UnsafeBufferPointer<UInt8>) -> SensorSlot? {
    if let known = devices[device][quantity] { return known }
    let id = devices[device].id.sibling(quantity)
    guard mayBePublished(id) else {
      reject("zone_sensor", topic: topic)
      return nil
    }
    guard let slot = directory.slot(of: id) ?? addSensor(id) else { return nil }
    devices[device][quantity] = slot
    return slot
  }
}
