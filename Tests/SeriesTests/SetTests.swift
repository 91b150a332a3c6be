import Foundation
import Testing

@testable import Series

/// Manifests and labels in the form in which published sets have them.
struct SetTests {
  @Test func aManifestMayHoldMoreOrLessThanWeKnow() throws {
    let text = """
      {"set": "s", "timezone": "+09:00", "unit": "m3/h", "rows": "arrival order", "series": [
        {"series": "D01", "unit": "m3/h", "interval_min": 5, "tier": "hydraulic", "network": "N", "facility": "DMA inlet", "readings": 9,
         "mean_flow_m3h": 57.14, "start": "2022-02-01T00:00:00+09:00", "end": "2022-05-11T23:55:00+09:00", "calendar": "JP",
         "demand_source": "other", "emitter_exponent": 0.5},
        {"series": "D02", "unit": "m3/h", "interval_min": 60, "tier": "real", "network": "N", "start": "2022-02-01T00:00:00+09:00",
         "end": "2022-05-11T23:55:00+09:00"}]}
      """
    let manifest = try JSONDecoder().decode(SetManifest.self, from: Data(text.utf8))
    #expect(manifest.series.map(\.series) == ["D01", "D02"])
    #expect(manifest.series[0].mean_flow_m3h == 57.14 && manifest.series[1].mean_flow_m3h == nil)
  }

  @Test func onlyLeaksHaveVolumeAndProfile() throws {
    let text = """
      [{"series": "D01", "kind": "burst", "start": "2022-02-27T22:20:00+09:00", "end": "2022-03-08T11:40:00+09:00", "peak_m3h": 2.048,
        "mean_flow_m3h": 57.141, "volume_m3": 415.8, "profile": [[0.0, 2.02], [8.5, 2.011]], "superposed": true},
       {"series": "D01", "kind": "flushing", "start": "2022-02-12T11:30:00+09:00", "end": "2022-02-12T12:00:00+09:00", "peak_m3h": 26,
        "mean_flow_m3h": 57.141}]
      """
    let labels = try JSONDecoder().decode([SetLabel].self, from: Data(text.utf8))
    #expect(labels[0].volume_m3 == 415.8 && labels[0].profile == [[0, 2.02], [8.5, 2.011]])
    #expect(labels[1].volume_m3 == nil && labels[1].profile == nil)
    let again = try JSONDecoder().decode([SetLabel].self, from: JSONEncoder().encode(labels))
    #expect(again.map(\.kind) == ["burst", "flushing"] && again[0].volume_m3 == 415.8)
  }
}
