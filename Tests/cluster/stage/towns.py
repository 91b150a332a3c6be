"""The 77 towns of one prefecture."""

PARTITIONS = 16
TOWNS: tuple[str, ...] = tuple(
    """
    nagano matsumoto ueda okaya iida suwa suzaka komoro ina komagane nakano omachi iiyama chino shiojiri saku chikuma tomi azumino
    koumi sakuho karuizawa miyota tateshina nagawa shimosuwa fujimi tatsuno minowa iijima matsukawa takamori anan agematsu nagiso kiso
    ikeda sakaki obuse yamanouchi shinano iizuna
    kawakami minamimaki minamiaiki kitaaiki aoki hara minamiminowa nakagawa miyada achi hiraya neba shimojo urugi tenryu yasuoka takagi
    toyooka oshika kiso-mura otaki okuwa omi ikusaka yamagata asahi chikuhoku matsukawa-mura hakuba otari takayama kijimadaira
    nozawaonsen ogawa sakae
    """.split())
assert len(TOWNS) == len(set(TOWNS)) == 77
