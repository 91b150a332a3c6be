import Foundation
import Readings
import Series

/// The plot of a backtest: one HTML file that needs nothing else.
///
/// It draws by itself on a canvas (`plot.js`) and not with dygraphs: the file must not depend on what is installed, reads packed arrays as
/// they are, and shows hundreds of series in one document, of which only those in view are drawn.
public struct PlotDocument {
  private var series: [PlotSeries] = []

  /// - Throws: where a set has a `labels.json` that cannot be read; a set without one is shown without judgement.
  public init(_ result: BacktestResult) throws(BacktestError) {
    var labelled: [String: [String: [Truth]]?] = [:]
    for trace in result.traces {
      let s = trace.series
      if !s.set.isEmpty, labelled[s.set] == nil { labelled[s.set] = .some(try PlotDocument.truths(in: s.set, offset: result.offset)) }
      // No labels at all: nothing is judged. No label of this series: nothing happened there.
      let truths = (labelled[s.set] ?? nil).map { $0[s.name] ?? [] }
      series.append(PlotSeries(trace, truths: truths))
    }
  }

  /// Whether any series has labels.
  public var isJudged: Bool { series.contains(where: \.isLabelled) }
  /// Leaks that were found and missed, and false alarms.
  public var found: Int { series.reduce(0) { $0 + $1.labels.count { $0.state == "found" } } }
  public var missed: Int { series.reduce(0) { $0 + $1.labels.count { $0.state == "missed" } } }
  public var falseAlarms: Int { series.reduce(0) { $0 + $1.alerts.count { $0.verdict == "false" } } }

  /// The file.
  /// - Complexity: O(readings); about 2.7 bytes each, and 8 bytes an hour of every series for the band.
  public func html() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var out = Data(PackageResources.plot_html)
    func replace(_ mark: String, with part: Data) {
      if let r = out.range(of: Data(mark.utf8)) { out.replaceSubrange(r, with: part) }
    }
    replace("/*STYLE*/", with: Data(PackageResources.plot_css))
    replace("/*SCRIPT*/", with: Data(PackageResources.plot_words_js + PackageResources.plot_chart_js + PackageResources.plot_js))
    var data = Data()
    for s in series {
      data.append(Data("<script type=\"application/json\" class=\"series\">".utf8))
      data.append(PlotDocument.harmless(try encoder.encode(s)))
      data.append(Data("</script>\n".utf8))
    }
    replace("<!--DATA-->", with: data)
    return out
  }

  /// JSON that cannot end its script element, whatever names hold: `<` stands only inside strings, where it may be written as an escape.
  private static func harmless(_ json: Data) -> Data {
    guard json.contains(0x3c) else { return json }
    var out = Data(capacity: json.count + 64)
    for b in json { if b == 0x3c { out.append(contentsOf: "\\u003c".utf8) } else { out.append(b) } }
    return out
  }

  private static func truths(in directory: String, offset: Int) throws(BacktestError) -> [String: [Truth]]? {
    let path = directory + "/labels.json"
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    do {
      let labels = try JSONDecoder().decode([SetLabel].self, from: data)
      return Dictionary(grouping: labels, by: \.series).mapValues { $0.compactMap { Truth($0, offset: offset) } }
    } catch {
      throw BacktestError(path: path, reason: String(describing: error))
    }
  }
}
