import CMosquitto

extension Subscriber: HandleDelegate {
  /// Carries out what the state machine decided.
  func perform(_ actions: [ConnectionMachine.Action]) {
    for action in actions {
      switch action {
      case .connect: connect()
      case .subscribe: subscribe()
      case .announceOnline: publishStatus("online")
      case .drop: drop()
      case .use(let new): version = new
      case .moveOn: node = (node + 1) % settings.addresses.count
      case .report(let state): handler.connection(state)
      }
    }
  }

  private func connect() {
    do {
      let new = try Handle(
        settings: settings, version: version, keepsSession: settings.keepsSession, isRelayed: settings.receivesDirectly)
      new.delegate = self
      attempt = ConnectAttempt(new, settings: settings, address: address, wake: wake)
    } catch {
      connectFailed(error.description)
    }
  }

  /// Takes over the connection when it has been made.
  func finishAttempt() {
    guard let attempt, let outcome = attempt.outcome else { return }
    self.attempt = nil
    switch outcome {
    case .success:
      handle = attempt.handle
      perform(machine.handle(.reached, now: monotonicMilliseconds()))
    case .failure(let error): connectFailed(attempt.handle.explain(error))
    }
  }

  /// Of the attempt under way, or the next one.
  private var address: BrokerAddress { settings.addresses[node] }

  private func connectFailed(_ why: String) {
    perform(machine.handle(.connectFailed("\(address): \(why)"), now: monotonicMilliseconds()))
  }

  /// The socket is closed and what the library had queued is forgotten with it: a PUBACK of the old connection must not reach the new one.
  /// What was received and not committed stays with the handler; the broker sends it again and the handler knows it by its key.
  private func drop() { handle = nil }

  private func subscribe() {
    guard let handle else { return }
    finishOperation(handle.subscribe(settings.subscriptions))
    send()
  }

  func publishStatus(_ text: String) {
    guard let topic = settings.statusTopic, let handle else { return }
    var text = text
    text.withUTF8 { _ = try? handle.publish(topic: topic, payload: UnsafeRawBufferPointer($0), qos: 1, retain: true) }
  }

  // MARK: - HandleDelegate: called inside `Handle.read()`

  func handleConnected(code: Int, flags: Int, keepAlive: Int?) {
    machine.keepAlive = keepAlive ?? settings.keepAlive
    deferred.append(.connack(code: code, resumed: flags & 1 == 1))
  }

  func handleSubscribed(granted: [Int]) { deferred.append(.suback(granted)) }

  func handleDisconnected(code: Int, text: String) { deferred.append(.disconnected(code: code, text: text)) }

  func handlePublished(id: Int32, code: Int) {}

  func handleMessage(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool) {
    received += 1
    handler.receive(topic: topic, payload: payload, isRetained: isRetained)
  }
}
