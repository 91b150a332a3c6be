#!/usr/bin/env bash
# Readings, Codecs, Detection and Reports import nothing but each other downwards, Detection also what the processor is told about memory; each C library has one importer.
set -euo pipefail
cd "$(dirname "$0")/.."
bad=0
refuse() { echo "import check: $1" >&2; bad=1; }

found=$(grep -rnE '^\s*(@\w+(\([^)]*\))?\s+)*(public |internal |private |package )?import ' Sources/Readings || true)
[ -z "$found" ] || refuse "Readings must import nothing:"$'\n'"$found"
found=$(grep -rnE '^\s*(@\w+(\([^)]*\))?\s+)*(public |internal |private |package )?import ' Sources/Codecs Sources/Detection | grep -vE 'import Readings$|^Sources/Detection/.*import CMachine$' || true)
[ -z "$found" ] || refuse "Codecs and Detection may import Readings only, and Detection CMachine:"$'\n'"$found"
found=$(grep -rnE '^\s*(@\w+(\([^)]*\))?\s+)*(public |internal |private |package )?import ' Sources/Reports | grep -vE 'import Readings$' || true)
[ -z "$found" ] || refuse "Reports may import Readings only:"$'\n'"$found"

for pair in CMosquitto:MQTT CSQLite:Store CCurl:Alerts CCrypto:Digests CSpawn:Alerts CIdentity:Store CMalloc:mizumori CZlib:Compression CMachine:Detection; do
  library=${pair%%:*} owner=${pair##*:}
  found=$(grep -rnE "import $library\$" Sources simulator | grep -v "^Sources/$owner/" || true)
  [ -z "$found" ] || refuse "$library may be imported by $owner only:"$'\n'"$found"
done
exit $bad
