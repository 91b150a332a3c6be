import Logging
import Readings
import Store

extension Pipeline {
  /// Applies what people said since the last time. Each is answered when its transaction is on disk.
  func takeActions() {
    for (request, answer) in actions.take() {
      do throws(ActionError) {
        answers.append((try apply(request), answer))
      } catch {
        answer(.failure(error))
      }
    }
  }

  /// Applies one action now; it is durable after the next commit.
  /// - Returns: its place in the batch's entries.
  func apply(_ request: ActionRequest) throws(ActionError) -> Int {
    let wall = Clocks.wall()
    let now = clock.now(monotonic: Clocks.monotonic(), wall: wall) ?? wall
    try request.check(now: now)
    guard let slot = directory.slot(of: request.sensor) else { throw .unknownSensor }
    let event = try eventKey(request, slot)
    let window = request.window ?? now..<now
    judge()
    let action = OperatorAction(slot: slot, kind: request.kind, time: now, from: window.lowerBound, to: window.upperBound)
    guard engine.apply(action, emit: { batch.transitions.append($0) }) else { throw .nothingToDo }
    batch.entries.append(
      .action(ActionRecord(action: action, eventKey: event, person: request.person, note: request.note, said: wall)))
    logger.notice(
      "操作 / action", metadata: ["sensor": "\(request.sensor)", "action": "\(request.kind.code)", "by": "\(request.person)"])
    return batch.entries.count - 1
  }

  /// The event that is meant: as said, else the newest leak, which may be in the batch still.
  private func eventKey(_ request: ActionRequest, _ slot: SensorSlot) throws(ActionError) -> String? {
    let fresh = batch.transitions.last { $0.slot == slot && $0.kind.isLeak }?.eventKey(sensor: request.sensor)
    do {
      if let key = request.eventKey {
        let isKnown = batch.transitions.contains { $0.slot == slot && $0.eventKey(sensor: request.sensor) == key }
        guard try isKnown || store.hasEvent(key, of: slot) else { throw ActionError.unknownEvent }
        return key
      }
      if request.kind.hasWindow { return nil }
      return try fresh ?? store.newestLeak(of: slot)
    } catch let error as ActionError {
      throw error
    } catch {
      logger.error("事象を読めません / cannot read events", metadata: ["error": "\(error)"])
      throw .notNow
    }
  }

  /// Tells those who wait that their actions are on disk. After a commit, before the batch is emptied.
  func answerActions() {
    for (place, answer) in answers {
      guard place < batch.entries.count, case .action(let record) = batch.entries[place] else { continue }
      answer(.success(record))
    }
    answers.removeAll()
  }
}
