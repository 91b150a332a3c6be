import Testing

@testable import Service

struct BrokerAdviceTests {
  /// The advice fits what was said, and what was never heard of gets the general one.
  @Test(arguments: [
    ("h:1: Connection refused", "systemctl status mosquitto"), ("h:1: Lookup error.", "getent hosts"),
    ("h:1: A TLS error occurred.", "ca_file"), ("h:1: no CONNACK", "certificate_file"),
    ("利用者名かパスワードが違います / bad user name or password", "broker.password_file"), ("許可されていません / not authorised", "acl_file"),
    ("something new", "is it running?"),
  ]) func adviceByAnswer(said: String, part: String) { #expect(BrokerAdvice.remedy(said).contains(part)) }
}
