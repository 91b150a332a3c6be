import Readings

/// What each statistic that spoke for a leak looks at, and why that means a leak.
enum EvidenceWords {
  /// Nil for what does not speak for a leak.
  static func why(_ mark: Evidence, _ s: EventStory, _ language: Language) -> String? {
    let isJapanese = language == .ja
    switch mark {
    case .edge:
      return isJapanese
        ? "なぜ漏水か（急な増加）: 流量が階段のように急に増え、1 時間余りたっても下がりませんでした。消火栓や洗管ならその間に終わり、家庭の使用なら増減をくり返します。管が破れると、増えたまま続きます。"
        : "Why a leak (abrupt rise): flow rose like a stair and had not fallen more than an hour later. A hydrant is shut by then, household use goes up and down; a broken pipe stays."
    case .cusum:
      return isJapanese
        ? "なぜ漏水か（積み上げ・CUSUM）: 平常との差を値が届くたびに足し上げています。ふだんの揺れは多い日と少ない日が打ち消し合いますが、多い側ばかりが続き、このメーターの揺れでは届かない大きさになりました。"
        : "Why a leak (CUSUM): the difference from usual is added up with each reading. Ordinary variation cancels out; this kept to one side until the sum was larger than this meter's variation can make it."
    case .sustainedShift:
      return isJapanese
        ? "なぜ漏水か（続く増加）: 何時間も（短くて 6 時間）続けて平常より多く、その差がこのメーターのふだんの揺れを超えました。一時的な使用なら、この間に終わるか、量が大きく変わります。"
        : "Why a leak (sustained rise): flow has been above usual for hours on end (six at least), by more than this meter's variation explains. A passing use would have ended or changed by then."
    case .nightMinimum:
      return isJapanese
        ? "なぜ漏水か（夜間最小流量）: 水がほとんど使われない夜間（\(clock(s.night, .ja))）の最小流量が、これまでの夜より高くなりました。夜に減らない流れは、漏水の代表的なしるしです。"
        : "Why a leak (minimum night flow): the lowest flow of the night (\(clock(s.night, .en))), when hardly any water is used, stands above earlier nights. Flow that does not fall at night is the classical sign of a leak."
    case .nightTrend:
      return isJapanese
        ? "なぜ漏水か（夜間流量の上昇）: 夜間最小流量が、何日もかけて少しずつ上がっています。1 夜の差は小さくても、上がる向きばかりが続いています。少しずつ広がる漏水に見られる動きです。"
        : "Why a leak (rising nights): the minimum night flow has crept up over many days. Each night differs little, but always upwards: what a slowly growing leak looks like."
    case .pressureDrop:
      let fall = s.steps.lazy.compactMap { $0.fallAt(language) }.first
      return isJapanese
        ? "なぜ漏水か（水圧）: \(fall ?? "同じころに水圧が下がりました")。水が管の外へ出ているときに起こります。"
        : "Why a leak (pressure): \(fall ?? "pressure fell at the same time"), as it does when water leaves the pipe."
    case .parentMeter:
      let name = s.upstream.map { isJapanese ? "「\($0)」" : " \"\($0)\"" } ?? ""
      return isJapanese
        ? "なぜ漏水か（上流・下流）: つながるメーター\(name)にも、同じころ同じくらいの増加が見られます。メーターの故障ではなく、水が実際に流れています。"
        : "Why a leak (upstream, downstream): the connected meter\(name) shows the same rise at the same time. It is no fault of a meter: water really flows."
    default: return nil
    }
  }

  /// `1:00〜4:00`
  private static func clock(_ night: Range<Int>, _ language: Language) -> String {
    func text(_ minute: Int) -> String { "\(minute / 60):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)" }
    return text(night.lowerBound) + (language == .ja ? "〜" : "–") + text(night.upperBound)
  }
}
