import Readings

extension Notice {
  /// CloudEvents 1.0 in JSON. `source` and `id` together name the event for ever; `subject` is the sensor.
  var cloudEvent: String {
    var o = JSONText()
    o.add("specversion", "1.0")
    o.add("id", id)
    o.add("source", "/mizumori" + (sensor.map { "/\($0.municipality)" } ?? ""))
    o.add("type", type)
    if let sensor { o.add("subject", sensor.description) }
    o.add("time", time.iso8601(offset: 0))
    o.add("datacontenttype", "application/json")
    o.add("data", json: dataJSON)
    return o.closed
  }
}
