extension MizumoriSettings.Broker {
  init(reading section: consuming SettingsSection, files: SettingsFiles) {
    var s = section
    host = s.string("host") ?? host
    let port = s.integer("port", 1...65_535)
    clientID = s.string("client_id") ?? clientID
    username = s.string("username")
    let passwordPlace = s.value("password_file")?.place
    password = s.secret("password_file", files)
    version = s.choice("protocol", MQTTVersion.self) ?? version
    keepAliveSeconds = s.integer("keep_alive_s", 5...3600) ?? keepAliveSeconds
    sessionExpirySeconds = s.integer("session_expiry_s", 0...4_294_967_295) ?? sessionExpirySeconds
    receiveMaximum = s.integer("receive_maximum", 1...65_535) ?? receiveMaximum
    redeliveryWaitSeconds = s.integer("redelivery_wait_s", 0...600) ?? redeliveryWaitSeconds
    receivesDirectly = s.bool("direct_receive") ?? receivesDirectly
    let tls = s.value("tls")
    let usesTLS = s.bool("tls")
    let (ca, certificate, key) = (s.value("ca_file"), s.value("certificate_file"), s.value("key_file"))
    caFile = s.existingFile("ca_file", files)
    certificateFile = s.existingFile("certificate_file", files)
    keyFile = s.existingFile("key_file", files, isSecret: true)
    let hasTLSFiles = ca != nil || certificate != nil || key != nil
    self.usesTLS = usesTLS ?? hasTLSFiles
    self.port = port ?? (self.usesTLS ? 8883 : 1883)
    others = MizumoriSettings.Broker.nodes(&s, port: self.port)
    status(&s)
    if let passwordPlace, username == nil {
      s.log.add(passwordPlace, s.fullKey("password_file"), "username も書いてください", "needs a username beside it")
    }
    if let tls, usesTLS == false, hasTLSFiles {
      s.log.add(
        tls.place, tls.key, "ca_file などを使うなら true にするか、この行を消してください", "ca_file and the like need true here: remove this line")
    }
    if (certificate == nil) != (key == nil), let given = certificate ?? key {
      s.log.add(
        given.place, given.key, "certificate_file と key_file は両方とも書いてください", "certificate_file and key_file go together: give both")
    }
    s.finish()
  }

  /// An empty text switches the status messages off.
  private mutating func status(_ s: inout SettingsSection) {
    guard let value = s.value("status_topic") else { return }
    let text = value.scalar ?? "#"
    if text.isEmpty {
      statusTopic = nil
    } else if text.contains(where: { $0 == "#" || $0 == "+" || $0 == "\0" }) || text.utf8.count > 512 {
      value.wrong(s.log, "+ と # のない 1 つのトピックを書いてください", "expected one topic without + and #")
    } else {
      statusTopic = text
    }
  }
}
