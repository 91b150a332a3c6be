/// What to do about a broker that does not let us in, by what it or the library says.
public enum BrokerAdvice {
  /// Beginnings of sentences of libmosquitto and of ours, and what helps.
  private static let known: [(part: String, words: String)] = [
    (
      "Connection refused",
      "その住所とポートで待っているものがありません。ブローカーを動かし（systemctl status mosquitto）、broker.host と broker.port を確かめてください / nothing listens there: start the broker, look at broker.host and broker.port"
    ),
    (
      "Lookup error",
      "broker.host の名前を引けません。getent hosts 名前 で確かめるか、IP アドレスで書いてください / the name of broker.host is not found: getent hosts NAME, or write its address"
    ),
    (
      "TLS",
      "ca_file が、ブローカーの証明書を作った認証局のものか、broker.host がその証明書にある名前か、この機械の時計が合っているかを確かめてください（mizumori-certs フォルダー list、journalctl -u mosquitto） / is ca_file of the authority that made the broker's certificate, is broker.host a name in it, is the clock right?"
    ),
    (
      "no CONNACK",
      "certificate_file と key_file が、ブローカーの認証局で作った、取り消していないものか、ポートが MQTT のものかを確かめてください（journalctl -u mosquitto） / are certificate_file and key_file of the broker's authority and not revoked, is it a port of MQTT?"
    ),
    (
      "パスワード",
      "broker.username と broker.password_file を確かめてください / look at broker.username and broker.password_file"
    ),
    (
      "許可",
      "ブローカーの acl_file と、利用者名（証明書の CN）を確かめてください / look at the broker's acl_file and the name of the user or certificate"
    ),
    ("timed out", "間のファイアウォールと網を確かめてください / look at the firewall and the network between"),
    ("No route", "網を確かめてください（ip route、ケーブル） / look at the network: ip route, the cable"),
  ]

  /// Never empty.
  public static func remedy(_ said: String) -> String {
    known.first { said.contains($0.part) }?.words
      ?? "ブローカーが動いているか（systemctl status mosquitto）、住所・利用者名・証明書を確かめてください / is it running? look at address, user and certificates"
  }
}
