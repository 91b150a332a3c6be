import Foundation
import Testing

@testable import Web

/// The pages: what they load is there, and what is there is loaded.
struct PageFrameTests {
  @Test func everyStyleAndScriptIsLoadedBySomePage() throws {
    let own = try FileManager.default.contentsOfDirectory(atPath: RunningServer.assets).filter {
      $0.hasSuffix(".js") || $0.hasSuffix(".css")
    }
    let loaded = Set(PageFrame.all.flatMap(\.files))
    #expect(Set(own).subtracting(loaded).sorted() == [])
    // dygraphs is the system's.
    #expect(loaded.subtracting(own).sorted() == ["dygraph.min.css", "dygraph.min.js", "icon.svg"])
  }

  @Test func aPageLoadsItsFilesInOrder() throws {
    let page = try #require(PageFrame.all.first { $0.name == "event" }).html
    let order = [
      "dygraph.min.css", "style.css", "event.css", "dygraph.min.js", "words.js", "words-event.js", "parts.js", "common.js",
      "event.js\" defer",
    ]
    let places = order.map { page.range(of: "/assets/" + $0)?.lowerBound }
    #expect(!places.contains(nil) && places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(page)")
    #expect(page.hasPrefix("<!doctype html>\n<html lang=\"ja\">") && page.hasSuffix("</html>\n"))
  }

  @Test func anInstallationThatLacksAFileSaysWhich() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mizumori-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(atPath: RunningServer.assets, toPath: folder.path)
    try FileManager.default.removeItem(at: folder.appendingPathComponent("fleet.css"))
    var settings = WebSettings()
    settings.assetsDirectory = folder.path
    #expect {
      _ = try PageAssets(settings)
    } throws: { "\($0)".contains("fleet.css") }
  }
}
