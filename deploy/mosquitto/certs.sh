#!/usr/bin/env bash
# ブローカーとクライアントの証明書を作ります / makes the certificates of broker and clients.
#
#   certs.sh DIR ca                     自前の認証局 / a private certificate authority
#   certs.sh DIR server NAME [NAME…]    ブローカー。NAME はつなぐときの名前か IP / the broker, by the names or addresses clients use
#   certs.sh DIR client NAME            クライアント。市町村のトピック名か mizumori / a client: the municipality of its topics, or mizumori
#   certs.sh DIR list                   残りの日数。60 日を切るものがあれば終了コード 1 / days left; exit code 1 when one has less than 60
#   certs.sh DIR renew NAME             同じ名前と鍵で、期限だけを新しく / a new term for the same name and key
#   certs.sh DIR revoke NAME            無効にする。ca.crl をブローカーへ / no longer valid: give ca.crl to the broker
#
# 鍵は所有者だけが読めます。ca.key はブローカーの機械に置かず、しまっておいてください。 / Keys are readable by their owner only. Keep ca.key away from the broker.
# 期限は 5 年、環境変数 MIZUMORI_CERTS_DAYS の日数に変えられます。 / They last five years, or as many days as the variable MIZUMORI_CERTS_DAYS says.
set -euo pipefail
umask 077

usage() { sed -n "s|^#   certs\.sh|  ${0##*/}|p" "$0"; }
wrong() { usage >&2; exit 64; }
fail() { echo "$1" >&2; exit "${2:-64}"; }
fresh() { [ ! -e "$1" ] || fail "すでにあります。上書きしません / it exists and is not overwritten: $1" 73; }

case "${1:-}" in -h | --help) usage; exit 0 ;; esac
[ $# -ge 2 ] || wrong
dir=$1 kind=$2
shift 2
ca_days=7300 days=${MIZUMORI_CERTS_DAYS:-1826} soon=60

needs_authority() { [ -e "$dir/ca.key" ] || fail "先に認証局を作るか、ca.key を戻してください / make the authority first, or bring ca.key back: ${0##*/} $dir ca" 66; }
needs() { [ -e "$dir/$1.crt" ] || fail "ありません / there is none: $dir/$1.crt" 66; }

# sign NAME SUBJECT EXTENSIONS: a new key and a certificate signed by the authority.
sign() {
  local base="$dir/$1"
  needs_authority
  fresh "$base.key"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$base.key" 2>/dev/null
  openssl req -new -key "$base.key" -subj "$2" -out "$base.csr"
  openssl x509 -req -in "$base.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial -days "$days" -sha256 \
    -extfile <(printf '%s\n' "$3") -out "$base.crt" 2>/dev/null
  rm "$base.csr"
  chmod 644 "$base.crt"
  echo "$base.crt $base.key（${days} 日 / days）"
}

# days_left FILE: whole days until it ends, negative when it has ended.
days_left() {
  local end
  end=$(openssl x509 -in "$1" -noout -enddate)
  echo $((($(date -d "${end#*=}" +%s) - $(date +%s)) / 86400))
}

# openssl_ca ARGUMENTS: the part of openssl that keeps a list of what was revoked.
openssl_ca() {
  touch "$dir/revoked.txt"
  [ -e "$dir/crlnumber" ] || echo 01 >"$dir/crlnumber"
  openssl ca -batch -config <(printf '%s\n' "[ca]" "default_ca=a" "[a]" "database=$dir/revoked.txt" "crlnumber=$dir/crlnumber" \
    "certificate=$dir/ca.crt" "private_key=$dir/ca.key" "default_md=sha256" "unique_subject=no") "$@" 2>/dev/null
}

case "$kind" in
  ca)
    mkdir -p "$dir"
    fresh "$dir/ca.key"
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$dir/ca.key" 2>/dev/null
    openssl req -x509 -new -key "$dir/ca.key" -days "$ca_days" -sha256 -subj "/O=Mizumori/CN=Mizumori private CA" \
      -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$dir/ca.crt"
    chmod 644 "$dir/ca.crt"
    echo "$dir/ca.crt $dir/ca.key（${ca_days} 日 / days）"
    ;;
  server)
    [ $# -ge 1 ] || wrong
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
    [ $# -eq 1 ] || wrong
    [[ $1 =~ ^[A-Za-z0-9_-]{1,64}$ ]] || fail "名前は英数字と _ と - だけ、64 字まで / a name is at most 64 of A–Z a–z 0–9 _ -: $1"
    [ "$1" != server ] && [ "$1" != ca ] || fail "この名前は使えません / not possible as a name: $1"
    sign "$1" "/O=Mizumori/CN=$1" "basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth"
    ;;
  list)
    [ $# -eq 0 ] || wrong
    status=0
    for file in "$dir"/*.crt; do
      [ -e "$file" ] || fail "証明書がありません / no certificates in $dir" 66
      left=$(days_left "$file") mark="○"
      if [ "$left" -lt "$soon" ]; then mark="×" status=1; fi
      if [ -e "$dir/revoked.txt" ] && cut -f1,4 "$dir/revoked.txt" | grep -qix "R.$(openssl x509 -in "$file" -noout -serial | cut -d= -f2)"; then
        mark="–（無効 / revoked）"
      fi
      names=$(openssl x509 -in "$file" -noout -ext subjectAltName 2>/dev/null | sed -n '2s/^ *//p')
      printf '%s %s: あと %d 日 / %d days left%s\n' "$mark" "$(basename "$file" .crt)" "$left" "$left" "${names:+  ($names)}"
    done
    exit $status
    ;;
  renew)
    [ $# -eq 1 ] && [ "$1" != ca ] || wrong
    needs_authority
    needs "$1"
    base="$dir/$1"
    [ -e "$base.key" ] || fail "鍵が要ります。なければ新しく作ってください / its key is needed; without it make a new one: $base.key" 66
    openssl x509 -in "$base.crt" -x509toreq -signkey "$base.key" -copy_extensions copyall -out "$base.csr" 2>/dev/null
    openssl x509 -req -in "$base.csr" -copy_extensions copyall -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial \
      -days "$days" -sha256 -out "$base.new" 2>/dev/null
    rm "$base.csr"
    mv "$base.crt" "$base.crt.before"
    mv "$base.new" "$base.crt"
    chmod 644 "$base.crt"
    echo "$base.crt（${days} 日 / days、前のもの / the one before: $base.crt.before）"
    ;;
  revoke)
    [ $# -eq 1 ] && [ "$1" != ca ] || wrong
    needs_authority
    needs "$1"
    # The one before a renewal is as good as the present one.
    for file in "$dir/$1.crt" "$dir/$1.crt.before"; do
      [ ! -e "$file" ] || openssl_ca -revoke "$file" || fail "無効にできません。もう無効ではありませんか / cannot be revoked; is it already? $file" 73
    done
    # A list that has ended would shut everybody out: it lives as long as the authority.
    openssl_ca -gencrl -crldays "$ca_days" -out "$dir/ca.crl"
    chmod 644 "$dir/ca.crl"
    echo "$dir/ca.crl → /etc/mosquitto/certs/ca.crl; mosquitto.conf: crlfile /etc/mosquitto/certs/ca.crl; systemctl restart mosquitto"
    ;;
  *) wrong ;;
esac
