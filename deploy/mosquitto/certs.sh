#!/usr/bin/env bash
# ブローカーとクライアントの証明書を作ります / makes the certificates of broker and clients.
#
#   certs.sh DIR ca                     自前の認証局 / a private certificate authority
#   certs.sh DIR server NAME [NAME…]    ブローカー。NAME はつなぐときの名前か IP / the broker, by the names or addresses clients use
#   certs.sh DIR client NAME            クライアント。市町村のトピック名か mizumori / a client: the municipality of its topics, or mizumori
#
# 鍵は所有者だけが読めます。ca.key はブローカーの機械に置かず、しまっておいてください。
# Keys are readable by their owner only. Keep ca.key away from the broker.
set -euo pipefail
umask 077

usage() { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 64; }
fail() { echo "$1" >&2; exit "${2:-64}"; }
fresh() { [ ! -e "$1" ] || fail "すでにあります。上書きしません / it exists and is not overwritten: $1" 73; }

[ $# -ge 2 ] || usage
dir=$1 kind=$2
shift 2
mkdir -p "$dir"
ca_days=7300 days=1826

# sign NAME SUBJECT EXTENSIONS: a new key and a certificate signed by the authority.
sign() {
  local base="$dir/$1"
  [ -e "$dir/ca.key" ] || fail "先に認証局を作ってください / make the authority first: certs.sh $dir ca" 66
  fresh "$base.key"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$base.key" 2>/dev/null
  openssl req -new -key "$base.key" -subj "$2" -out "$base.csr"
  openssl x509 -req -in "$base.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial -days "$days" -sha256 \
    -extfile <(printf '%s\n' "$3") -out "$base.crt" 2>/dev/null
  rm "$base.csr"
  chmod 644 "$base.crt"
  echo "$base.crt $base.key（${days} 日 / days）"
}

case "$kind" in
  ca)
    fresh "$dir/ca.key"
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$dir/ca.key" 2>/dev/null
    openssl req -x509 -new -key "$dir/ca.key" -days "$ca_days" -sha256 -subj "/O=Mizumori/CN=Mizumori private CA" \
      -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$dir/ca.crt"
    chmod 644 "$dir/ca.crt"
    echo "$dir/ca.crt $dir/ca.key（${ca_days} 日 / days）"
    ;;
  server)
    [ $# -ge 1 ] || usage
    names=""
    for name in "$@"; do
      if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then names+=",IP:$name"; else names+=",DNS:$name"; fi
    done
    sign server "/O=Mizumori/CN=$1" "basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=${names:1}"
    ;;
  client)
    [ $# -eq 1 ] || usage
    [[ $1 =~ ^[A-Za-z0-9_-]{1,64}$ ]] || fail "名前は英数字と _ と - だけ、64 字まで / a name is at most 64 of A–Z a–z 0–9 _ -: $1"
    [ "$1" != server ] && [ "$1" != ca ] || fail "この名前は使えません / not possible as a name: $1"
    sign "$1" "/O=Mizumori/CN=$1" "basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth"
    ;;
  *) usage ;;
esac
