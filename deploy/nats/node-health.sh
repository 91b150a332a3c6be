#!/bin/sh
# 三分続けて具合の悪いノードを立て直します / restarts a node that has not been well for three minutes.
#
# 1. 「そろっていない」と言うノード。強制終了のあとで戻ったノードが追い付けずにいると、もう一台が止まったときに多数がなくなります。
#    A node that says that it is not complete: while one that came back after a kill cannot catch up, there is no majority should another go.
# 2. 配り終えたと思い違いをしているノード。ほかのノードが「確認がまだ」と言うメッセージを、代表のノードが済んだことにすると、立て直すまで
#    水守に届きません（docs/many-towns.ja.md）。
#    A node that believes to have delivered what it has not: what another node knows as unacknowledged, and the consumer's leader as done,
#    is not delivered until that leader is restarted (docs/many-towns.md).
#
# nats-node-health.timer が毎分呼びます / called each minute by nats-node-health.timer.
#   NATS_NODE, NATS_MONITOR   node.env から / from node.env
#   NATS_PEERS     ほかのノードの監視の住所、空白区切り。空なら 2 は見ません / monitoring addresses of the others; 2 is not looked at without
#   NATS_PATIENCE  何回続いたら / after how many times in a row (3)
#   NATS_STATE     数を覚えるファイル / remembers how many (/run/nats-node-health)
#   NATS_RESTART   立て直す命令 / the command (systemctl restart nats-node)
set -eu
state=${NATS_STATE:-/run/nats-node-health}
patience=${NATS_PATIENCE:-3}
ask() { curl -fs --max-time 5 "http://$1"; }

restart() {
  rm -f "$state" "$state.forgotten"
  echo "$1" >&2
  exec ${NATS_RESTART:-systemctl restart nats-node}
}

if ! ask "$NATS_MONITOR/healthz" >/dev/null; then
  count=$(($(cat "$state" 2>/dev/null || echo 0) + 1))
  [ "$count" -lt "$patience" ] || restart "NATS のノードがそろわないので立て直します / the node stays incomplete: restarted"
  echo "$count" >"$state"
  exit 0
fi
rm -f "$state"
[ -n "${NATS_PEERS:-}" ] || exit 0
command -v jq >/dev/null || { echo "jq がありません / jq is missing: apt-get install jq" >&2; exit 1; }

# Of the consumers of the kept messages that this node leads: name, position up to which all is acknowledged, how many behind it are not.
consumers() {
  ask "$1/jsz?accounts=1&streams=1&consumers=1" | jq -r --arg node "$NATS_NODE" '
    .account_details[]?.stream_detail[]? | select(.name == "$MQTT_msgs") | .consumer_detail[]? | select(.cluster.leader == $node)
    | "\(.name) \(.ack_floor.stream_seq) \(.num_ack_pending)"'
}

# Those of which another node, at the same position, knows more: name and position.
mine=$(consumers "$NATS_MONITOR") || exit 0
forgotten=$(
  for peer in $NATS_PEERS; do
    consumers "$peer" 2>/dev/null || true
  done | sort -u | while read -r name floor there; do
    here=$(printf '%s\n' "$mine" | sed -n "s/^$name $floor //p")
    [ -z "$here" ] || [ "$there" -le "$here" ] || echo "$name $floor"
  done | sort -u
)
times=0
if [ -n "$forgotten" ]; then
  seen=$(cat "$state.forgotten" 2>/dev/null || true)
  printf '%s\n' "$forgotten" | while read -r line; do
    before=$(printf '%s\n' "$seen" | sed -n "s/^$line //p")
    echo "$line $((${before:-0} + 1))"
  done >"$state.new"
  mv "$state.new" "$state.forgotten"
  times=$(sort -n -k 3 "$state.forgotten" | tail -n 1 | cut -d ' ' -f 3)
else
  rm -f "$state.forgotten"
fi
[ "$times" -lt "$patience" ] || restart "確認のないメッセージを配り直さないので立て直します / unacknowledged messages are not delivered again: restarted"
