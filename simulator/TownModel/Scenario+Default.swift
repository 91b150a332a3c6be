extension Scenario {
  /// The built-in town, so that the program runs anywhere: the text of `simulator/scenarios/town.yaml`, which a test compares with it.
  public static let defaultYAML = """
    # みずもり町: an invented small town in Nagano. Three zones (配水ブロック), nine flow meters, five weeks of quiet;
    # then a slow leak, a burst, and what is no leak: flushing, gaps, late and doubled messages, a stuck meter, a spike.
    # This file is built into mizumori-sim; `mizumori-sim scenario` prints it.
    municipality: mizumori
    name: みずもり町
    start: 2026-04-01
    days: 63
    interval_s: 300
    # Spread of the daily factor that all meters share, and how far summer lies above the yearly mean.
    weather: 0.03
    season: 0.05
    # Published as fast as the broker takes it; after that the run is paced.
    history_days: 35

    meters:
      # mean_m3h is a meter's own demand; those below it (parent) come on top.
      - id: haisuichi
        zone: honmachi
        name: 本町配水池 流出
        zone_name: 本町配水ブロック
        mean_m3h: 8
        noise: 0.05
        night: 0.45
      - id: honmachi-1
        zone: honmachi
        name: 本町 1 号
        zone_name: 本町配水ブロック
        mean_m3h: 14
        noise: 0.07
        night: 0.35
        parent: haisuichi
      - id: honmachi-2
        zone: honmachi
        name: 駅前通り
        zone_name: 本町配水ブロック
        mean_m3h: 9
        noise: 0.09
        night: 0.3
        shape: commercial
        parent: haisuichi
      - id: nishi-in
        zone: nishi
        name: 西町 入口
        zone_name: 西町配水ブロック
        mean_m3h: 18
        noise: 0.06
        night: 0.38
      - id: nishi-yama
        zone: nishi
        name: 山の手
        zone_name: 西町配水ブロック
        mean_m3h: 6
        noise: 0.1
        night: 0.3
        parent: nishi-in
      - id: nishi-kawa
        zone: nishi
        name: 川沿い
        zone_name: 西町配水ブロック
        mean_m3h: 5
        noise: 0.1
        night: 0.3
        households: 30
        # A pulse meter: one pulse of 0.1 m³/h × interval.
        quantum_m3h: 0.1
        parent: nishi-in
      - id: onsen-in
        zone: onsen
        name: 温泉地区 入口
        zone_name: 温泉配水ブロック
        mean_m3h: 22
        noise: 0.06
        night: 0.5
      - id: onsen-ryokan
        zone: onsen
        name: 旅館街
        zone_name: 温泉配水ブロック
        mean_m3h: 12
        noise: 0.08
        night: 0.45
        shape: resort
        parent: onsen-in
      - id: onsen-kogen
        zone: onsen
        name: 高原別荘地
        zone_name: 温泉配水ブロック
        mean_m3h: 4
        noise: 0.12
        night: 0.3
        households: 40
        parent: onsen-in

    events:
      # Days after the start (20.4 = the 21st day, 09:36).
      - { kind: flushing, meter: honmachi-2, day: 20.4, hours: 1, flow_m3h: 12 }
      - { kind: gap, meter: onsen-kogen, day: 24.2, hours: 9 }
      - { kind: late, meter: nishi-kawa, day: 27.5, hours: 4 }
      - { kind: duplicate, meter: honmachi-1, day: 28.0, hours: 3 }
      - { kind: incipient, meter: onsen-ryokan, day: 34, hours: 600, flow_m3h: 5 }
      - { kind: burst, meter: nishi-yama, day: 36.6, hours: 150, flow_m3h: 5.5 }
      - { kind: flushing, meter: honmachi-1, day: 38.42, hours: 1, flow_m3h: 15 }
      - { kind: stuck, meter: onsen-kogen, day: 44.3, hours: 30 }
      - { kind: spike, meter: honmachi-2, day: 46.1, hours: 0.1, flow_m3h: 80 }
      - { kind: burst, meter: honmachi-1, day: 50.1, hours: 90, flow_m3h: 4 }

    """
}
