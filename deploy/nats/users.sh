#!/usr/bin/env bash
# 町ごとの利用者と、水守の利用者を作ります / makes a user for each town, and one for Mizumori.
#
#   users.sh DIR TOWN…      DIR/users.conf, DIR/passwords/TOWN, DIR/passwords/mizumori
#
# すでにある合言葉は変えません。町を足すときは、すべての町を並べてもう一度 / passwords that are there stay: to add a town, name all again
set -euo pipefail
umask 077
[ $# -ge 2 ] || { sed -n '2,6p' "$0" >&2; exit 64; }
dir=$1; shift
mkdir -p "$dir/passwords"
for town in "$@"; do
  # NATS は空白のある段を（2.11 より前は「.」も）切断します / NATS drops connections that use a blank (before 2.11 a dot, too) in a level
  [[ $town =~ ^[A-Za-z0-9_-]{1,64}$ && $town != mizumori ]] || { echo "$town: 英数字と _ と - だけ / only A-Z a-z 0-9 _ -" >&2; exit 64; }
done

# NATS が知るのは bcrypt の $2a$ だけです。合言葉は 144 ビットの乱数なので、計算は軽くてよく、町が一斉につなぎ直しても詰まりません
# The only hash that NATS knows is bcrypt with $2a$. The passwords are 144 random bits, so a cheap cost is safe, and all towns can come back
# at once
hashed() {
  local file="$dir/passwords/$1"
  [ -s "$file" ] || head -c 18 /dev/urandom | base64 | tr '+/' '-_' >"$file"
  perl -e '
    open my $f, "<", $ARGV[0] or die; chomp(my $password = <$f>);
    open my $r, "<", "/dev/urandom" or die; read $r, my $bytes, 21;
    my @letters = (".", "/", "A".."Z", "a".."z", "0".."9");
    my $salt = join "", map { $letters[ord($_) & 63] } split //, $bytes;
    my $hash = crypt($password, "\$2a\$05\$${salt}u");
    die "no bcrypt here\n" unless defined $hash && $hash =~ /^\$2a\$05\$.{53}$/;
    print $hash' "$file"
}

{
  echo "users = ["
  # 見るのは区分と自分の状態だけ。書くのは状態と知らせ（topic_prefix: mizumori/leaks）だけ
  # Reads partitions and its own status; writes its status and alerts (topic_prefix: mizumori/leaks)
  echo "  { user: mizumori, password: \"$(hashed mizumori)\", allowed_connection_types: [\"MQTT\"],"
  echo '    permissions: { publish: ["mizumori.>"], subscribe: ["p.>", "mizumori.>", "$MQTT.sub.>"] } }'
  for town in "$@"; do
    # 権限は区分を付けた後の名前で調べられます / permissions are checked against the name with its partition
    echo "  { user: $town, password: \"$(hashed "$town")\", allowed_connection_types: [\"MQTT\"],"
    echo "    permissions: { publish: [\"p.*.water.$town.>\"], subscribe: { deny: [\">\"] } } }"
  done
  echo "]"
} >"$dir/users.conf.new"
mv "$dir/users.conf.new" "$dir/users.conf"
