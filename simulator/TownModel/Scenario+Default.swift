extension Scenario {
  /// The built-in town, so that the program runs anywhere: the text of `simulator/scenarios/town.yaml`, which a test compares with it.
  public static let defaultYAML = """
    # みずもり町: an invented mountain town in Nagano. Four zones (配水ブロック), fourteen flow meters of which one is a totalizer, weather,
    # pressure and a tank level; ten weeks that end in winter. A slow leak, bursts, and what is no leak: a freezing week in which everybody
    # lets taps trickle, flushing, gaps, late and doubled messages, a stuck meter, a spike, a gateway that comes and goes, a battery that dies.
    # This file is built into mizumori-sim; `mizumori-sim scenario` prints it.
    municipality: mizumori
    name: みずもり町
    start: 2025-11-24
    days: 70
    interval_s: 600
    # Spread of the daily factor that all meters share, and how far summer lies above the yearly mean.
    weather: 0.02
    season: 0.05
    # What of the water that is used is billed (有収水量): the rest is hydrants, flushing and meters that run slow.
    billed: 0.88
    # Published as fast as the broker takes it; after that the run is paced.
    history_days: 60

    meters:
      # mean_m3h is a meter's own demand; those below it (parent) come on top. battery: % at the start.
      - id: haisuichi
        zone: uwade
        name: 上手配水池 流出
        zone_name: 上手配水ブロック
        mean_m3h: 4
        noise: 0.05
        night: 0.45
      - id: uwade-hondori
        zone: uwade
        name: 上手 本通り
        zone_name: 上手配水ブロック
        mean_m3h: 10
        noise: 0.07
        night: 0.35
        battery: 94
        parent: haisuichi
      - id: miyanoue
        zone: uwade
        name: 宮ノ上
        zone_name: 上手配水ブロック
        mean_m3h: 5.5
        noise: 0.09
        night: 0.3
        households: 40
        battery: 91
        parent: haisuichi
      - id: omagari-in
        zone: omagari
        name: 大曲 入口
        zone_name: 大曲配水ブロック
        mean_m3h: 2.5
        noise: 0.07
        night: 0.35
        battery: 88
        parent: haisuichi
      - id: omagari-mura
        zone: omagari
        name: 大曲 集落
        zone_name: 大曲配水ブロック
        mean_m3h: 4
        noise: 0.1
        night: 0.3
        households: 40
        # A pulse meter: one pulse of 0.1 m³/h × interval.
        quantum_m3h: 0.1
        battery: 83
        parent: omagari-in
      - id: kurinokidaira
        zone: omagari
        name: 栗ノ木平
        zone_name: 大曲配水ブロック
        mean_m3h: 3
        noise: 0.1
        night: 0.3
        battery: 64
        parent: omagari-in
      # Two mains lead into this zone.
      - id: shimogawara-nishi
        zone: shimogawara
        name: 下川原 西入口
        zone_name: 下川原配水ブロック
        mean_m3h: 9
        noise: 0.06
        night: 0.38
      - id: shimogawara-higashi
        zone: shimogawara
        name: 下川原 東入口
        zone_name: 下川原配水ブロック
        mean_m3h: 6
        noise: 0.06
        night: 0.38
      - id: ekimae
        zone: shimogawara
        name: 駅前通り
        zone_name: 下川原配水ブロック
        mean_m3h: 8
        noise: 0.09
        night: 0.3
        shape: commercial
        battery: 96
        parent: shimogawara-nishi
      - id: kawara-danchi
        zone: shimogawara
        name: 川原団地
        zone_name: 下川原配水ブロック
        mean_m3h: 12
        noise: 0.08
        night: 0.35
        battery: 90
        parent: shimogawara-higashi
      - id: yunosawa-in
        zone: yunosawa
        name: 湯ノ沢 入口
        zone_name: 湯ノ沢配水ブロック
        mean_m3h: 6
        noise: 0.06
        night: 0.5
      - id: ryokangai
        zone: yunosawa
        name: 湯ノ沢 旅館街
        zone_name: 湯ノ沢配水ブロック
        mean_m3h: 11
        noise: 0.08
        night: 0.45
        shape: resort
        parent: yunosawa-in
      - id: yokujo
        zone: yunosawa
        name: 共同浴場（積算）
        zone_name: 湯ノ沢配水ブロック
        mean_m3h: 5
        noise: 0.1
        night: 0.3
        shape: resort
        register: true
        battery: 92
        parent: yunosawa-in
      - id: kogen
        zone: yunosawa
        name: 高原別荘地
        zone_name: 湯ノ沢配水ブロック
        mean_m3h: 3.5
        noise: 0.12
        night: 0.3
        households: 35
        # A weak radio link.
        lost: 0.02
        late: 0.01
        battery: 79
        parent: yunosawa-in

    gauges:
      - { kind: temperature, id: kion, zone: uwade, name: 役場 気温, zone_name: 上手配水ブロック, mean: 5, swing: 5, noise: 0.15 }
      - { kind: level, id: suii, zone: uwade, name: 上手配水池 水位, zone_name: 上手配水ブロック, meter: haisuichi, mean: 3.2, swing: 0.5, noise: 0.004, area_m2: 150 }
      - { kind: pressure, id: suiatsu, zone: omagari, name: 大曲 末端水圧, zone_name: 大曲配水ブロック, meter: omagari-in, mean: 460, swing: 35, noise: 2 }

    # 洗管 of a zone, every week in the evening.
    works:
      - { name: 下川原の洗管（毎週）, zone: shimogawara, day: 2.9167, hours: 1.5 }

    events:
      # Days after the start (20.4 = the 21st day, 09:36).
      - { kind: flushing, meter: ekimae, day: 44.93, hours: 0.8, flow_m3h: 9 }
      - { kind: flushing, meter: ekimae, day: 51.93, hours: 0.8, flow_m3h: 9 }
      - { kind: flushing, meter: ekimae, day: 58.93, hours: 0.8, flow_m3h: 9 }
      - { kind: flushing, meter: ekimae, day: 65.93, hours: 0.8, flow_m3h: 9 }
      # A hydrant that nobody told of.
      - { kind: flushing, meter: uwade-hondori, day: 20.4, hours: 1, flow_m3h: 9 }
      - { kind: gap, meter: kogen, day: 18.2, hours: 9 }
      - { kind: late, meter: kawara-danchi, day: 21.5, hours: 4 }
      - { kind: duplicate, meter: uwade-hondori, day: 22.0, hours: 3 }
      - { kind: burst, meter: miyanoue, day: 29.6, hours: 56, flow_m3h: 2.8 }
      - { kind: stuck, meter: omagari-mura, day: 37.3, hours: 30 }
      - { kind: spike, meter: ekimae, day: 39.1, hours: 0.1, flow_m3h: 80 }
      # From the eighth week on it leaks; it goes on to the end.
      - { kind: incipient, meter: kawara-danchi, day: 42, hours: 680, flow_m3h: 5 }
      - { kind: dead_battery, meter: kurinokidaira, day: 26, hours: 868.8 }
      # From here on the run is paced.
      - { kind: flushing, meter: uwade-hondori, day: 60.42, hours: 1, flow_m3h: 12 }
      - { kind: burst, meter: ryokangai, day: 60.71, hours: 44, flow_m3h: 6 }
      - { kind: flapping, meter: kogen, day: 62.5, hours: 12 }
      # Two nights below −8 °C: taps trickle in the whole town, each in the measure of its own use.
      - { kind: freeze, meter: haisuichi, day: 63.9, hours: 36, flow_m3h: 0.54 }
      - { kind: freeze, meter: uwade-hondori, day: 63.9, hours: 36, flow_m3h: 1.05 }
      - { kind: freeze, meter: miyanoue, day: 63.9, hours: 36, flow_m3h: 0.49 }
      - { kind: freeze, meter: omagari-in, day: 63.9, hours: 36, flow_m3h: 0.26 }
      - { kind: freeze, meter: omagari-mura, day: 63.9, hours: 36, flow_m3h: 0.36 }
      - { kind: freeze, meter: kurinokidaira, day: 63.9, hours: 36, flow_m3h: 0.27 }
      - { kind: freeze, meter: shimogawara-nishi, day: 63.9, hours: 36, flow_m3h: 1.03 }
      - { kind: freeze, meter: shimogawara-higashi, day: 63.9, hours: 36, flow_m3h: 0.68 }
      - { kind: freeze, meter: ekimae, day: 63.9, hours: 36, flow_m3h: 0.72 }
      - { kind: freeze, meter: kawara-danchi, day: 63.9, hours: 36, flow_m3h: 1.26 }
      - { kind: freeze, meter: yunosawa-in, day: 63.9, hours: 36, flow_m3h: 0.90 }
      - { kind: freeze, meter: ryokangai, day: 63.9, hours: 36, flow_m3h: 1.49 }
      - { kind: freeze, meter: yokujo, day: 63.9, hours: 36, flow_m3h: 0.45 }
      - { kind: freeze, meter: kogen, day: 63.9, hours: 36, flow_m3h: 0.32 }
      # The thaw breaks a service pipe.
      - { kind: burst, meter: omagari-mura, day: 66.42, hours: 90, flow_m3h: 2.4 }
      - { kind: stuck, meter: kogen, day: 68.1, hours: 30 }

    # What the people of the town say, for `mizumori demo`: at that day, once there is something to say it of.
    people:
      - { action: planned_work, meter: uwade-hondori, day: 7, begins: 60.375, hours: 2.5, by: 水道係 山田, note: 消火栓の点検・放水（消防団） }
      - { action: acknowledged, meter: miyanoue, day: 29.9, by: 水道係 山田, note: 現地を確認しました。宅地内ではなく本管側です }
      - { action: repaired, meter: miyanoue, day: 31.95, by: 小林設備, note: 給水管の継手を取り替えました }
      - { action: acknowledged, meter: kawara-danchi, day: 60.1, by: 水道係 山田, note: 夜間に音聴調査をします }
      - { action: acknowledged, meter: ryokangai, day: 60.95, by: 水道係 丸山, note: 旅館組合に断水の可能性を連絡済み }
      - { action: in_progress, meter: ryokangai, day: 61.4, by: 小林設備, note: 掘削中。継手からの漏れ }
      - { action: repaired, meter: ryokangai, day: 62.56, by: 小林設備, note: 継手を交換、通水確認 }
      - { action: in_progress, meter: kawara-danchi, day: 62.7, by: 水道係 山田, note: 団地入口の舗装から水音。来週掘ります }
      - { action: acknowledged, meter: omagari-mura, day: 67.4, by: 水道係 丸山, note: 凍結で破裂した給水管を探しています }

    """
}
