/// A simple graph as SVG without style: bars or a line over equal steps, from zero.
struct ReportChart {
  enum Kind { case bars, line }

  var kind: Kind
  var title: String
  var unit: String
  var values: [Double?]
  var labels: [String]
  /// A dashed line, and what it is called.
  var reference: Double?
  var referenceName = ""

  private static let (width, height) = (720.0, 170.0)
  private static let (left, right, top, bottom) = (58.0, 8.0, 24.0, 20.0)

  /// Empty when there is nothing to show.
  var svg: String {
    let known = values.compactMap { $0 }.filter(\.isFinite)
    guard let largest = (known + [reference ?? 0]).max(), largest > 0, !known.isEmpty else { return "" }
    let step = ReportChart.step(largest)
    let limit = (largest / step).rounded(.up) * step
    var out = HTMLText()
    out.raw("<figure><svg viewBox=\"0 0 720 170\" role=\"img\" aria-label=\"\(HTMLText.escaped(label(known)))\">")
    out.raw("<text class=\"t\" x=\"2\" y=\"11\">\(HTMLText.escaped("\(title)（\(unit)）"))</text>")
    grid(step, limit, &out)
    switch kind {
    case .bars: bars(limit, &out)
    case .line: line(limit, &out)
    }
    if let reference {
      let y = ReportChart.n(self.y(reference, limit))
      out.raw("<line class=\"r\" x1=\"58\" x2=\"712\" y1=\"\(y)\" y2=\"\(y)\"/>")
      out.raw("<text class=\"e\" x=\"712\" y=\"11\">\(HTMLText.escaped("- - \(referenceName) \(Numbers.flow(reference))"))</text>")
    }
    out.raw("</svg></figure>\n")
    return out.text
  }

  /// What who cannot see it is told.
  private func label(_ known: [Double]) -> String {
    "\(title): \(Numbers.flow(known.min())) – \(Numbers.flow(known.max())) \(unit)"
  }

  private func grid(_ step: Double, _ limit: Double, _ out: inout HTMLText) {
    let decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : 2
    var tick = 0
    while Double(tick) * step <= limit * 1.000001 {
      let value = Double(tick) * step
      let y = ReportChart.n(self.y(value, limit))
      out.raw("<line class=\"g\" x1=\"58\" x2=\"712\" y1=\"\(y)\" y2=\"\(y)\"/>")
      out.raw("<text class=\"e\" x=\"54\" y=\"\(ReportChart.n(self.y(value, limit) + 3))\">\(Numbers.grouped(value, decimals))</text>")
      tick += 1
    }
    let every = max(1, (labels.count + 15) / 16)
    for (n, label) in labels.enumerated() where n % every == 0 {
      out.raw("<text class=\"m\" x=\"\(ReportChart.n(middle(n)))\" y=\"164\">\(HTMLText.escaped(label))</text>")
    }
  }

  private func bars(_ limit: Double, _ out: inout HTMLText) {
    let width = slot * 0.7
    for (n, value) in values.enumerated() {
      guard let value, value.isFinite, value > 0 else { continue }
      let y = self.y(value, limit)
      out.raw(
        "<rect class=\"b\" x=\"\(ReportChart.n(middle(n) - width / 2))\" y=\"\(ReportChart.n(y))\" width=\"\(ReportChart.n(width))\" height=\"\(ReportChart.n(ReportChart.height - ReportChart.bottom - y))\"/>"
      )
    }
  }

  /// Broken where a value is missing; a value between two missing ones is a dot.
  private func line(_ limit: Double, _ out: inout HTMLText) {
    var path = ""
    var isDown = false
    for (n, value) in values.enumerated() {
      guard let value, value.isFinite else {
        isDown = false
        continue
      }
      let (x, y) = (ReportChart.n(middle(n)), ReportChart.n(self.y(max(0, value), limit)))
      path += "\(isDown ? "L" : "M")\(x) \(y)"
      isDown = true
      out.raw("<circle class=\"d\" cx=\"\(x)\" cy=\"\(y)\" r=\"1.8\"/>")
    }
    out.raw("<path class=\"l\" d=\"\(path)\"/>")
  }

  private var slot: Double { (ReportChart.width - ReportChart.left - ReportChart.right) / Double(max(1, values.count)) }
  private func middle(_ n: Int) -> Double { ReportChart.left + (Double(n) + 0.5) * slot }
  private func y(_ v: Double, _ limit: Double) -> Double {
    let height = ReportChart.height - ReportChart.top - ReportChart.bottom
    return ReportChart.height - ReportChart.bottom - v / limit * height
  }

  private static func n(_ v: Double) -> String { Numbers.plain(v, 1) }

  /// 1, 2 or 5 times a power of ten, so that three to six lines are drawn.
  static func step(_ largest: Double) -> Double {
    var power = 1.0
    while power * 10 < largest { power *= 10 }
    while power > largest, power > 1e-6 { power /= 10 }
    for factor in [0.2, 0.5, 1, 2, 5] where largest / (power * factor) <= 5 { return power * factor }
    return power * 10
  }

  /// A line of nights as small as a word.
  static func spark(_ values: [Double?], _ label: String) -> String {
    let known = values.compactMap { $0 }
    guard values.count > 1, let high = known.max(), high > 0 else { return "" }
    var path = ""
    var isDown = false
    for (i, value) in values.enumerated() {
      guard let value else {
        isDown = false
        continue
      }
      let x = 1 + Double(i) / Double(values.count - 1) * 78
      path += "\(isDown ? "L" : "M")\(n(x)) \(n(15 - max(0, value) / high * 14))"
      isDown = true
    }
    return
      "<svg class=\"s\" viewBox=\"0 0 80 16\" role=\"img\" aria-label=\"\(HTMLText.escaped(label))\"><path class=\"l\" d=\"\(path)\"/></svg>"
  }
}
