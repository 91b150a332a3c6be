import Foundation
import Service

/// A bench for people: one table, Japanese or English.
struct BenchTable {
  private let r: BenchReport
  private let compared: [String: BenchReport.Comparison]
  private let language: BenchLanguage
  private var rows: [[String]] = []

  init(_ report: BenchReport, _ comparison: [BenchReport.Comparison], _ language: BenchLanguage) {
    r = report
    compared = Dictionary(comparison.map { ($0.figure, $0) }, uniquingKeysWith: { a, _ in a })
    self.language = language
    answer()
    speed()
    steps()
    sizes()
    machine()
  }

  /// The table, columns aligned by the width of the characters on a terminal.
  var text: String {
    let columns = compared.isEmpty ? 3 : 4
    let shown = rows.map { Array($0.prefix(columns)) + Array(repeating: "", count: max(0, columns - $0.count)) }
    let widths = (0..<columns).map { c in shown.map { BenchTable.width($0[c]) }.max() ?? 0 }
    let order = compared.isEmpty ? [0, 1, 2] : [0, 1, 3, 2]
    return shown.map { row in
      var line = ""
      for (n, c) in order.enumerated() {
        let pad = String(repeating: " ", count: widths[c] - BenchTable.width(row[c]))
        // Figures stand at the right.
        line += (c == 0 || c == 2 ? row[c] + pad : pad + row[c]) + (n + 1 < order.count ? "  " : "")
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  // MARK: - Parts

  private mutating func answer() {
    let free = BenchTable.percent(r.conditions.headroom)
    add(
      w("この機械が見張れる計器（毎分1回）", "meters carried, one reading a minute"), w("\(count(r.capacity.meters)) 台", count(r.capacity.meters)),
      w("\(free) の余裕を残して", "with \(free) headroom"), "meters")
    add(w("限りになるもの", "limited by"), step(r.capacity.limitingStep), ingestNote)
    if r.capacity.meters > r.conditions.maximumSensors {
      add(
        w("設定の上限", "limit of the settings"), count(r.conditions.maximumSensors),
        w("これより多くは limits.max_sensors を上げてから", "raise limits.max_sensors for more"))
    }
    if r.machine.isDebugBuild { add(w("ご注意", "beware"), "", w("最適化なしの版です。時間は目安になりません", "built without optimisation: times say nothing")) }
  }

  private var ingestNote: String {
    let share = BenchTable.percent(r.capacity.ingestLoad)
    return w("そのとき受信スレッドの使用率 \(share)", "the ingest thread is then \(share) busy")
  }

  private mutating func speed() {
    let f = r.figures
    let way =
      r.hasBroker
      ? w("計器の送信 → 知らせの記録", "publish → line of the alert log") : w("電文 → 知らせの記録（ブローカーなし）", "message → line of the alert log, no broker")
    add(w("知らせまで 中央値", "time to alert, p50"), time(f.latencyP50), way, "latencyP50")
    add(
      w("知らせまで 99 %", "time to alert, p99"), time(f.latencyP99),
      w("\(f.alerts) 件、最大 \(time(f.latencyWorst))", "\(f.alerts) alerts, worst \(time(f.latencyWorst))"), "latencyP99")
    if let rate = f.alertRate { add(w("一度に来た知らせ", "alerts at once"), perSecond(rate), "", "alertRate") }
  }

  private mutating func steps() {
    add(w("段階", "step"), w("1 件あたり", "per reading"), w("これだけなら何台まで", "meters if it were alone"))
    let f = r.figures
    let costs: [BenchCapacity.Step: (Double?, String)] = [
      .socket: (f.socketCPU, "socketCPU"), .decoding: (f.decodeCPU, "decodeCPU"), .judging: (f.judgeCPU, "judgeCPU"),
      .store: (f.commitPerReading, "commitPerReading"), .broker: (f.brokerRate.map { 1 / $0 }, "brokerRate"),
      .deliveries: (f.alertRate.map { 1 / $0 }, ""), .memory: (nil, ""), .disk: (nil, ""),
    ]
    for limit in r.capacity.limits {
      let (cost, figure) = costs[limit.step] ?? (nil, "")
      let isSize = limit.step == .memory || limit.step == .disk
      var note = limit.meters.map { w("\(count($0)) 台", count($0)) } ?? w("測れませんでした", "not measured")
      if let load = limit.load { note += w("（上の台数で \(BenchTable.percent(load))）", " (\(BenchTable.percent(load)) at the number above)") }
      if limit.step == .deliveries { note += w("（同じ 1 分に知らせが出る台数）", " (alerting in the same minute)") }
      if limit.step == .store {
        note += w("、ほかに 1 回 \(time(f.commitFixed))", ", besides \(time(f.commitFixed)) a commit")
      }
      if limit.step == .broker { note += shares }
      add("  " + step(limit.step), isSize ? "" : time(cost), note, figure)
    }
  }

  /// Who was busy while readings came as fast as they were taken.
  private var shares: String {
    guard let t = r.figures.throughput else { return "" }
    let (broker, ingest) = (t.broker.map(BenchTable.percent) ?? "–", t.ingest.map(BenchTable.percent) ?? "–")
    let sender = BenchTable.percent(t.sender)
    return w(
      "（測定中の 1 コアあたり: 受信 \(ingest)、ブローカー \(broker)、送る側 \(sender)）",
      " (of one core meanwhile: ingest \(ingest), broker \(broker), sender \(sender))")
  }

  private mutating func sizes() {
    let f = r.figures
    add(
      w("計器 1 台のメモリ", "memory of a meter"), bytes(f.memoryPerMeter),
      w("ほかに本体 \(bytes(f.baseMemory))（測定の分を含む）", "besides \(bytes(f.baseMemory)), the bench's own included"), "memoryPerMeter")
    add(w("計測値 1 件のディスク", "disk of a reading"), bytes(f.bytesPerReading), "", "bytesPerReading")
    var fleets = [r.fleet]
    if r.largest.meters != r.fleet.meters, r.largest.meters > 0 { fleets.append(r.largest) }
    for fleet in fleets {
      let n = w("\(count(fleet.meters)) 台", "\(count(fleet.meters)) meters")
      let isFirst = fleet == r.fleet
      add(w("\(n): メモリ", "\(n): memory"), bytes(fleet.memory), w("換算", "extrapolated"))
      add(w("\(n): 1 年のディスク", "\(n): disk of a year"), bytes(fleet.diskPerYear), w("換算", "extrapolated"))
      add(
        w("\(n): 1 日の書き込み", "\(n): written a day"), fleet.writtenPerDay.map(bytes) ?? "–",
        fleet.writtenPerDay == nil
          ? w("このディスクでは数えられません", "not counted on this disk") : w("換算。SD カードの消耗", "extrapolated; wear of an SD card"),
        isFirst ? "writtenPerDay" : "")
    }
  }

  private mutating func machine() {
    let m = r.machine
    add(w("機械", "machine"), "\(m.cores) × \(m.architecture)", m.cpu)
    add(
      w("混み具合", "load"), String(format: "%.2f", m.load),
      w("測る前の 1 分の平均。混んでいれば測り直しを", "mean of the minute before; measure again if it was busy"))
    add(
      w("メモリ", "memory"), bytes(Double(m.memoryTotal)),
      w("空き \(bytes(Double(m.memoryAvailable)))", "\(bytes(Double(m.memoryAvailable))) available"))
    add(
      w("ディスク", "disk"), bytes(Double(m.diskTotal)),
      w("空き \(bytes(Double(m.diskFree)))、\(diskWords)", "\(bytes(Double(m.diskFree))) free, \(diskWords)"))
    if let t = m.temperature { add(w("温度", "temperature"), String(format: "%.0f °C", t), m.isThrottled == true ? throttle : "") }
    if m.temperature == nil, m.isThrottled == true { add(w("温度", "temperature"), "", throttle) }
    add(
      w("測定", "measured"), w("\(Int(r.seconds)) 秒", "\(Int(r.seconds)) s"),
      w(
        "計器 \(count(r.figures.meters)) 台、\(count(r.figures.readings)) 件、\(broker)",
        "\(count(r.figures.meters)) meters, \(count(r.figures.readings)) readings, \(broker)"))
  }

  private var throttle: String { w("熱か電圧のため遅くなったことがあります", "has been slowed down for heat or voltage") }
  private var broker: String { r.hasBroker ? w("本物のブローカー", "a real broker") : w("ブローカーなし", "no broker") }

  private var diskWords: String {
    let kinds = [
      "sd": w("SD カード", "SD card"), "emmc": "eMMC", "ssd": w("SSD または仮想", "SSD or virtual"), "hdd": w("回転する円盤または仮想", "rotating or virtual"),
      "memory": w("メモリ上（本番のディスクで測ってください）", "in memory: measure on the real disk"),
    ]
    return [m(kinds), r.machine.fileSystem].compactMap { $0 }.joined(separator: ", ")
  }

  private func m(_ kinds: [String: String]) -> String? { r.machine.disk.flatMap { kinds[$0] } ?? w("種類は不明", "kind unknown") }

  private mutating func add(_ label: String, _ value: String, _ note: String, _ figure: String = "") {
    rows.append([label, value, note, compared[figure].map { "× " + BenchTable.ratio($0.ratio) } ?? ""])
  }

  // MARK: - Words

  private func w(_ ja: String, _ en: String) -> String { language == .ja ? ja : en }

  private func step(_ s: BenchCapacity.Step) -> String {
    switch s {
    case .socket: w("受信（ソケット）", "socket")
    case .decoding: w("解読", "decoding")
    case .judging: w("判定", "judging")
    case .store: w("記録（コミット）", "store (commits)")
    case .broker: w("ブローカーの往復", "broker round trip")
    case .memory: w("メモリ", "memory")
    case .disk: w("ディスク 1 年分", "disk for a year")
    case .deliveries: w("知らせの記録", "alert log")
    }
  }

  private func perSecond(_ n: Double) -> String { w("毎秒 \(count(Int(n))) 件", "\(count(Int(n)))/s") }

  private func count(_ n: Int) -> String {
    var (digits, out) = (Array(String(n)), "")
    while digits.count > 3 {
      out = "," + String(digits.suffix(3)) + out
      digits.removeLast(3)
    }
    return String(digits) + out
  }

  private func time(_ seconds: Double?) -> String {
    guard let s = seconds else { return "–" }
    return s >= 1 ? String(format: "%.1f s", s) : s >= 1e-3 ? String(format: "%.1f ms", s * 1e3) : String(format: "%.2f µs", s * 1e6)
  }

  private func bytes(_ n: Double) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var (v, u) = (n, 0)
    while v >= 1000, u + 1 < units.count { (v, u) = (v / 1000, u + 1) }
    return String(format: v < 100 ? "%.1f" : "%.0f", v) + " " + units[u]
  }

  static func ratio(_ r: Double) -> String { String(format: "%.2f", r) }

  private static func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }

  /// Columns on a terminal: full-width characters take two.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { sum, c in
      let isWide =
        (0x1100...0x115F).contains(c.value) || (0x2E80...0xA4CF).contains(c.value) || (0xAC00...0xD7A3).contains(c.value)
        || (0xF900...0xFAFF).contains(c.value) || (0xFE30...0xFE6F).contains(c.value) || (0xFF00...0xFF60).contains(c.value)
        || (0xFFE0...0xFFE6).contains(c.value)
      return sum + (isWide ? 2 : 1)
    }
  }
}
