#!/bin/sh
# 三分続けて「そろっていない」と言うノードを立て直します / restarts a node that has said for three minutes that it is not complete.
#
# 強制終了のあとで戻ったノードが追い付けずにいると、もう一台が止まったときに多数がなくなります。
# While a node that came back after a kill cannot catch up, there is no majority should another node go.
#
# nats-node-health.timer が毎分呼びます / called each minute by nats-node-health.timer.
#   NATS_MONITOR   node.env から / from node.env
#   NATS_PATIENCE  何回続いたら / after how many times in a row (3)
#   NATS_STATE     数を覚えるファイル / remembers how many (/run/nats-node-health)
#   NATS_RESTART   立て直す命令 / the command (systemctl restart nats-node)
set -eu
state=${NATS_STATE:-/run/nats-node-health}
if curl -fs -o /dev/null --max-time 5 "http://$NATS_MONITOR/healthz"; then
  rm -f "$state"
  exit 0
fi
count=$(($(cat "$state" 2>/dev/null || echo 0) + 1))
if [ "$count" -lt "${NATS_PATIENCE:-3}" ]; then
  echo "$count" >"$state"
  exit 0
fi
rm -f "$state"
echo "NATS のノードがそろわないので立て直します / the node stays incomplete: restarted" >&2
exec ${NATS_RESTART:-systemctl restart nats-node}
