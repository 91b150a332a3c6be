import CTimex
import Digests
import Glibc
import Readings
import Settings
import Store

/// What can be told of the box without the broker: disk, clock, certificates, sensors, receivers. Only reads.
public struct BoxCheck {
  let settings: MizumoriSettings
  let now: Timestamp

  /// - Parameter now: the wall clock.
  public init(_ settings: MizumoriSettings, now: Timestamp) {
    self.settings = settings
    self.now = now
  }

  /// Room on the data directory's disk, and for how long it lasts at the pace so far.
  public func disk() -> Finding {
    let directory = settings.data.directory
    let (free, total) = MachineFigures.disk(of: directory)
    let name = "ディスク / disk \(directory)"
    guard total > 0 else { return .problem(.disk, name, "調べられません / cannot be looked at: \(String(cString: strerror(errno)))") }
    var detail = "空き / free \(free >> 20) MB (\(free * 100 / total) %)"
    let days = daysLeft(free)
    if let days { detail += days > 3650 ? "、10 年以上 / over 10 years" : "、いまの増え方で \(days) 日 / \(days) days at this pace" }
    let remedy = "ほかのものを消すか、大きいディスクに移してください（mizumori backup と restore） / make room or move to a larger disk"
    if free < 200 << 20 || free * 50 < total { return .problem(.disk, name, detail, remedy) }
    if let days, days < 365 { return .warning(.disk, name, detail, remedy) }
    return .ok(.disk, name, detail)
  }

  /// Nil while less than a week is stored.
  private func daysLeft(_ free: Int64) -> Int64? {
    guard let view = try? DirectoryView(settings), let size = BackupFiles.size(Store.file(in: settings.data.directory)) else { return nil }
    let extents = view.sensors.compactMap { try? view.reader.extent($0.slot) }
    guard let first = extents.map(\.first).min(), let last = extents.map(\.last).max() else { return nil }
    let days = last.since(first) / 86_400_000
    return days >= 7 && size > 0 ? free / max(1, size / days) : nil
  }

  /// Files in the data directory that belong to another user than the directory: the service may not be able to read them. Empty where all
  /// is well.
  public func owner() -> [Finding] {
    let directory = settings.data.directory
    guard let owner = DirectoryOwner(of: directory) else { return [] }
    let strange = owner.strangers(in: directory)
    guard !strange.isEmpty else { return [] }
    return [
      .problem(
        .data, "データ置き場の持ち主 / owner of the data \(owner.name)",
        "ほかの利用者のファイルがあり、サービスから読めないことがあります / files of another user, which the service may not be able to read: "
          + strange.joined(separator: " "), "sudo chown -R \(owner.name): \(directory)")
    ]
  }

  /// Whether the clock is kept by a time service, and does not lie before what is stored.
  public func clock() -> Finding {
    let name = "時計 / clock \(now.iso8601(offset: settings.utility.offset))"
    if let view = try? DirectoryView(settings), let newest = try? view.now(), newest.since(now) > 86_400_000 {
      return .problem(
        .clock, name, "記録より前を指しています / lies before the readings that are stored (\(view.iso(newest)))",
        "時計を合わせてください（timedatectl set-ntp true） / set the clock")
    }
    guard mizumori_clock_is_synchronised() == 1 else {
      return .warning(
        .clock, name, "時刻合わせが働いていません / is not synchronised",
        "timedatectl set-ntp true。外に出られない網では、庁内の NTP サーバーを /etc/systemd/timesyncd.conf に書きます / or name the NTP server of your network in /etc/systemd/timesyncd.conf"
      )
    }
    return .ok(.clock, name)
  }

  /// Certificates and key that the settings name for the broker.
  public func certificates() -> [Finding] {
    guard settings.broker.usesTLS else { return [] }
    let files = [settings.broker.caFile, settings.broker.certificateFile].compactMap { $0 }
    var out = files.map(certificate)
    if let certificate = settings.broker.certificateFile, let key = settings.broker.keyFile,
      CertificateFile.matches(certificate: certificate, key: key) != true
    {
      out.append(
        .problem(
          .certificate, "鍵 / key \(key)", "証明書の鍵ではないか、読めません / is not the certificate's, or cannot be read",
          "証明書と一緒に作った鍵を key_file に書いてください / name the key that was made with the certificate"))
    }
    return out
  }

  private func certificate(_ path: String) -> Finding {
    let name = "証明書 / certificate \(path)"
    let remedy = "新しい証明書を作って置き換え、ブローカーと水守を再起動してください（mizumori-certs） / make a new one and restart broker and service"
    guard let c = CertificateFile(path: path) else {
      return .problem(.certificate, name, "読めないか、PEM の証明書ではありません / cannot be read or is no PEM certificate", remedy)
    }
    let seconds = c.ends - now.seconds
    let detail = "\(c.subject) あと \(seconds / 86_400) 日 / \(seconds / 86_400) days left"
    if now.seconds < c.begins {
      return .problem(.certificate, name, "\(c.subject) まだ有効ではありません。時計を確かめてください / is not valid yet: look at the clock")
    }
    if seconds <= 0 { return .problem(.certificate, name, "\(c.subject) 期限が切れています / has expired", remedy) }
    return seconds < 30 * 86_400 ? .warning(.certificate, name, detail, remedy) : .ok(.certificate, name, detail)
  }

  /// Sensors that say nothing, or whose battery is low.
  public func sensors() -> [Finding] {
    guard let view = try? DirectoryView(settings), let lines = try? view.sensorLines() else { return [] }
    let name = "センサー / sensors"
    if lines.isEmpty {
      return [
        .warning(
          .sensors, name, "まだ一つも受け取っていません / none has sent anything yet", "topics と、センサーの設定を確かめてください / look at topics and at the sensors")
      ]
    }
    var out = lines.filter { $0.state == "offline" }.map { s in
      Finding.warning(
        .sensors, "\(s.id)（\(s.zoneName) \(s.name)）", "通信断、最後は \(s.lastSeen ?? "–") / silent since",
        "電池・電波・ゲートウェイを確かめてください / look at battery, signal and gateway")
    }
    out += lines.compactMap { s in
      guard let battery = s.battery, battery < 20 else { return nil }
      return .warning(
        .sensors, "\(s.id)（\(s.zoneName) \(s.name)）", "電池 / battery \(Int(battery.rounded())) %", "電池を替えてください / change the battery")
    }
    return out.isEmpty ? [.ok(.sensors, name, "\(lines.count)")] : out
  }

  /// What the queue of a receiver says of it; `ok` without a detail where nothing was sent yet.
  public func receiver(_ sink: MizumoriSettings.Sink) -> Finding {
    let name = "知らせ先 / receiver \(sink.name) (\(sink.kind.key))"
    if case .command(let c) = sink.kind, access(c.program, X_OK) != 0 {
      return .problem(.receiver, name, "\(c.program) を実行できません / cannot be run", "program の場所と権限を確かめてください / look at its path and mode")
    }
    guard let reader = try? StoreReader.ifPresent(directory: settings.data.directory),
      let entry = try? reader.endpoints().first(where: { $0.name == sink.name })
    else { return .ok(.receiver, name, "まだ何も送っていません / nothing was sent yet") }
    if let reason = entry.disabled {
      return .problem(
        .receiver, name, "止めてあります / is disabled: \(reason)", "直してから mizumori deliveries enable \(sink.name) / mend it, then enable it")
    }
    let last = entry.lastDelivered.map { "最後に届いた時刻 / last delivered \($0.iso8601(offset: settings.utility.offset))" }
    if entry.failed > 0 {
      return .warning(
        .receiver, name, "届かなかった知らせ \(entry.failed) 件 / \(entry.failed) failed\(last.map { "、" + $0 } ?? "")",
        "mizumori test-sink \(sink.name) で試し、mizumori deliveries replay で送り直してください / try it, then replay")
    }
    if let waiting = waiting(reader, sink.name) {
      return .warning(
        .receiver, name,
        "\(entry.pending) 件を送れずにいます / \(entry.pending) cannot be sent: \(waiting)\(last.map { "、" + $0 } ?? "")",
        "自動で送り直しています。mizumori test-sink \(sink.name) で試してください / it is tried again by itself; try it with test-sink")
    }
    return .ok(.receiver, name, last ?? "まだ何も届けていません / nothing was delivered yet")
  }

  /// What the receiver answered to the newest delivery that was tried in vain and is still to be made; nil where there is none.
  private func waiting(_ reader: StoreReader, _ endpoint: String) -> String? {
    var filter = DeliveryFilter()
    filter.state = .pending
    filter.endpoint = endpoint
    let tried = (try? reader.deliveries(filter))?.first { $0.attempts > 0 }
    return tried.map { $0.lastError ?? $0.lastStatus.map { "HTTP \($0)" } ?? "–" }
  }
}
