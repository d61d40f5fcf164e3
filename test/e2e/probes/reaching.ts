import type { Place } from './place.ts'

const OWN_PORT = 4711
/** A listener of the build's own: the same code must be able to reach it. */
const LISTEN = `perl -MIO::Socket::INET -e '
  my $own = IO::Socket::INET->new(Listen => 9, LocalAddr => "127.0.0.1", LocalPort => ${OWN_PORT}) or die $!;
  print {my $come = $_} "x" while $_ = $own->accept' &
trap "kill $!" EXIT
for n in 1 2 3 4 5 6 7 8 9; do bash -c ': < /dev/tcp/127.0.0.1/${OWN_PORT}' 2>/dev/null && break; sleep 0.2; done`
const BY_BASH = `set -- $1; timeout 5 bash -c ': < "/dev/tcp/$0/$1"' "$1" "$2"`
const OWN = `127.0.0.1 ${OWN_PORT}`
const BY_NODE = `node -e '
  const [host, port] = process.argv[1].split(" ")
  require("net").connect({ host, port }).on("connect", () => process.exit(0)).on("error", () => process.exit(1))
  setTimeout(() => process.exit(1), 5000)' "$1"`
const BY_PERL = `set -- $1; timeout 5 perl -MIO::Socket::INET -e '
  exit !IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => 4)' "$1" "$2"`
const DATAGRAM = `set -- $1; perl -MIO::Socket::INET -e '
  my $to = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Proto => "udp") or exit 1;
  exit !$to->send("x")' "$1" "$2"`

/** Statements of sh that reach `HOST PORT`, and what they must be able to reach. */
export const REACH = {
  listen: LISTEN,
  own: OWN,
  byBash: BY_BASH,
  byNode: BY_NODE,
  byPerl: BY_PERL,
  byDatagram: DATAGRAM,
}

/** Where clouds tell machines who they are, and who may do what. */
const METADATA = [
  '169.254.169.254 80',
  '100.100.100.200 80',
  '169.254.170.2 80',
  'fd00:ec2::254 80',
]

/** Addresses that no network without a way out has by itself. */
export const elsewhere = ({ servers }: Place) =>
  servers.filter((one) => !/^(127\.|::1 |\S*:)/.test(one))

export const everywhere = (place: Place) => [...place.servers, ...METADATA]
