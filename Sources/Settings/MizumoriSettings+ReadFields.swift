import Codecs
import Readings

extension MizumoriSettings.Topic {
  /// `fields`, `units` and `factors` of a topic whose payloads are a gateway's.
  mutating func read(_ s: inout SettingsSection) {
    guard codec != .canonical else {
      for key in ["fields", "units", "factors"] {
        s.value(key)?.wrong(
          s.log, "codec が tts、chirpstack、mapping（fields は senml も）のときだけ使えます",
          "it is only for the codecs tts, chirpstack and mapping (fields for senml, too)")
      }
      return
    }
    var fields = s.section("fields")
    if codec == .senml {
      for q in Quantity.allCases { names[q] = fields.string(q.name) }
      fields.finish()
      return
    }
    var paths: [Quantity: FieldPath] = [:]
    for q in Quantity.allCases { paths[q] = fields.path(q.name) }
    if paths.isEmpty, codec != .mapping {
      for v in FieldMap.namedByQuantity { paths[v.quantity] = v.path }
    }
    let values = Self.values(paths, &s)
    if values.isEmpty {
      s.log.add(
        s.place, s.fullKey("fields"), "計測値の場所を書いてください。例: fields: {flow: data.flow, time: data.at}",
        "say where the values stand, for example fields: {flow: data.flow, time: data.at}")
    }
    var map =
      switch codec {
      case .tts: FieldMap.theThingsStack(values)
      case .chirpstack: FieldMap.chirpStack(values)
      case .canonical, .senml, .mapping: FieldMap(values: values)
      }
    if let time = fields.path("time") { map.times.insert(time, at: 0) }
    if let sequence = fields.path("seq") { map.sequence = sequence }
    if let battery = fields.path("battery") { map.batteries.insert(battery, at: 0) }
    if let signal = fields.path("signal") { map.signal = signal }
    if let device = fields.path("device") { map.device = device }
    map.each = fields.path("each")
    fields.finish()
    self.fields = map
  }

  /// Values with what turns them into base units: `units` by name, `factors` by number.
  private static func values(_ paths: [Quantity: FieldPath], _ s: inout SettingsSection) -> [FieldMap.Value] {
    var units = s.section("units")
    var factors = s.section("factors")
    defer {
      units.finish()
      factors.finish()
    }
    var out: [FieldMap.Value] = []
    for q in Quantity.allCases {
      var conversion = Unit.Conversion(factor: 1, offset: 0)
      if let unit = units.value(q.name) {
        var text = unit.scalar ?? ""
        if let known = text.withUTF8({ Unit.conversion($0, for: q) }) {
          conversion = known
        } else {
          unit.wrong(s.log, "\(q.name) の単位ではありません。例: \(q.baseUnitName)", "is no unit of \(q.name); for example \(q.baseUnitName)")
        }
      }
      let factor = factors.number(q.name, -1e9...1e9) ?? 1
      guard let path = paths[q] else {
        // Silently left out, it would be missed.
        for value in [units.value(q.name), factors.value(q.name)] {
          value?.wrong(s.log, "fields に \(q.name) の場所も書いてください", "fields must say where \(q.name) stands")
        }
        continue
      }
      out.append(FieldMap.Value(q, path, factor: factor * conversion.factor, offset: conversion.offset))
    }
    return out
  }
}

extension SettingsSection {
  /// A place in JSON: `data.rows.*.flow`.
  fileprivate mutating func path(_ key: String) -> FieldPath? {
    guard let value = value(key) else { return nil }
    guard let path = value.scalar.flatMap({ FieldPath($0) }) else {
      value.wrong(
        log, "JSON の中の場所を点でつないで書いてください。例: data.flow", "expected keys of the JSON with dots between them, like data.flow")
      return nil
    }
    return path
  }
}
