import Logging
import MQTT
import Readings
import Synchronization

extension Pipeline {
  /// Tells the operators' log what became of the connection.
  func note(_ state: ConnectionState) {
    switch state {
    case .connecting(let attempt):
      if attempt > 1 { logger.notice("ブローカーへ接続を試みます / connecting to the broker", metadata: ["attempt": "\(attempt)"]) }
    case .connected(let resumed): logger.info("ブローカーに接続しました / connected to the broker", metadata: ["session_resumed": "\(resumed)"])
    case .subscribed:
      counters.isSubscribed.store(true, ordering: .relaxed)
      counters.wasSubscribed.store(true, ordering: .releasing)
      clock.restart(monotonic: Clocks.monotonic())
      logger.notice("購読が確認されました / subscribed")
    case .fallback: logger.notice("ブローカーは MQTT 5 を話しません。3.1.1 で続けます / the broker refuses MQTT 5: going on with 3.1.1")
    case .refused(let why): disconnected("ブローカーに断られました / refused by the broker", why)
    case .lost(let why): disconnected("ブローカーとの接続がありません。自動で再接続します / no connection to the broker; trying again", why)
    case .takenOver:
      counters.takeovers.add(1, ordering: .relaxed)
      disconnected(
        "同じクライアント ID の別のプログラムに接続を奪われました（broker.client_id を確認） / another client uses our client id: check broker.client_id", "")
    }
  }

  private func disconnected(_ text: String, _ why: String) {
    if counters.isSubscribed.exchange(false, ordering: .relaxed) { counters.reconnects.add(1, ordering: .relaxed) }
    counters.lastConnectionError.withLock { $0 = why.isEmpty ? text : why }
    logger.warning("\(text)", metadata: why.isEmpty ? [:] : ["reason": "\(why)"])
  }

  /// One line of the operators' log for a transition.
  func log(_ t: Transition) {
    let level: Logger.Level = t.kind.isLeak && t.change == .opened ? .warning : .info
    // Its words are dear where nobody reads them.
    guard level >= logger.logLevel, let id = t.slot == SensorID.serviceSlot ? .service : directory[t.slot] else { return }
    var metadata: Logger.Metadata = [
      "sensor": "\(id)", "kind": "\(t.kind.code)", "change": "\(t.change.code)",
      "time": "\(t.time.iso8601(offset: profiles.calendar.offset))", "onset": "\(t.onset.iso8601(offset: profiles.calendar.offset))",
    ]
    if t.kind.isLeak { metadata["excess_m3h"] = "\((t.excess * 100).rounded() / 100)" }
    logger.log(level: level, "事象 / event", metadata: metadata)
  }
}
