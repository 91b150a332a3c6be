import Glibc
import MQTT

/// The project's subscriber with a handler that only counts.
final class Receiver: IngestHandler {
  private let wanted: Int
  private var got = 0
  private var first = 0.0
  private var stop: () -> Void = {}

  private init(wanted: Int) { self.wanted = wanted }

  static func run(port: Int, count: Int) throws {
    var settings = BrokerSettings(host: "127.0.0.1", port: port, clientID: "probe")
    settings.subscriptions = ["water/#"]
    let receiver = Receiver(wanted: count)
    let subscriber = Subscriber(settings: settings, handler: receiver)
    receiver.stop = { [unowned subscriber] in subscriber.stop() }
    try subscriber.run()
    var u = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &u)
    let cpu =
      Double(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + Double(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6
    print(receiver.got, Probe.seconds() - receiver.first, cpu)
  }

  func receive(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool) {
    if got == 0 { first = Probe.seconds() }
    got += 1
    if got == wanted { stop() }
  }

  func commit() -> Bool { true }
  var wantsCommit: Bool { got == wanted }
  func tick() {}
  func connection(_ state: ConnectionState) {}
}
