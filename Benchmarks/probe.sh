#!/usr/bin/env bash
# probe.sh OUT: compiles the probe, the modules it needs and the C references into OUT, without the package manager: some 40 s.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
out=${1:?usage: probe.sh OUT}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$out"
flags=(-O -wmo -swift-version 6 -enable-default-cmo -module-cache-path "$out/cache" -I "$out" -I "$root/Sources/CSQLite"
  -I "$root/Sources/CMosquitto" -I "$root/Sources/CIdentity" -I "$root/Sources/CMachine")
# A module is compiled anew after a change in it or in one before it, whose code may be inlined in it.
before=0
for module in Readings Codecs Detection Store MQTT; do
  mapfile -t files < <(find "$root/Sources/$module" -name '*.swift' | sort)
  newest=$(stat -c %Y "${files[@]}" | sort -n | tail -1)
  if [ "$before" -gt "$newest" ]; then newest=$before; fi
  if [ -f "$module.o" ] && [ "$(stat -c %Y "$module.o")" -gt "$newest" ]; then
    continue
  fi
  swiftc "${flags[@]}" -parse-as-library -module-name "$module" -emit-module -emit-module-path "$module.swiftmodule" \
    -c "${files[@]}" -o "$module.o"
  before=$(stat -c %Y "$module.o")
done
swiftc "${flags[@]}" -parse-as-library -module-name Probe "$here"/Probe/*.swift \
  "$here"/Benchmarks/CodecBenchmarks/DialectExamples.swift ./*.o -o probe -lsqlite3 -lmosquitto
make --no-print-directory -s -C "$here/Reference" OUT="$out" RECORD_BYTES="$(./probe record)"
