import Foundation

/// mosquitto.conf for a broker that one command starts and ends.
enum PrivateBroker {
  /// The settings of deploy/ that keep the broker from losing what waits for the service, on a private loopback port.
  /// - Parameter directory: where it keeps its sessions, with the last `/`.
  static func configuration(port: Int, directory: String) -> String {
    let user = getuid() == 0 ? "user root\n" : ""
    return """
      listener \(port) 127.0.0.1
      allow_anonymous true
      \(user)persistence true
      persistence_location \(directory)
      autosave_interval 5
      max_inflight_messages 500
      max_queued_messages 500000
      log_dest stderr

      """
  }
}
