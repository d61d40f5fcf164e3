import { hostname } from 'node:os'
import type { Place } from './place.ts'
import type { Probe } from './probe.ts'
import { elsewhere, everywhere, REACH } from './reaching.ts'

/** An "@" stands for the byte 0 that names without a file begin with. */
const BY_SOCKET = `perl -MIO::Socket::UNIX -e '
  exit !IO::Socket::UNIX->new(Peer => $ARGV[0] =~ s/^@/\\0/r)' "$1"`
const OWN_SOCKET = `perl -MIO::Socket::UNIX -e '
  my $own = IO::Socket::UNIX->new(Listen => 9, Local => "/tmp/own.sock") or die $!;
  $own->accept while 1' &
trap "kill $!" EXIT
for n in 1 2 3 4 5 6 7 8 9; do test -S /tmp/own.sock && break; sleep 0.2; done`

const sockets = ({ socket, abstractSocket }: Place) => [
  ...[socket, `@${abstractSocket}`, '/var/run/docker.sock', '/run/docker.sock'],
  ...['/run/containerd/containerd.sock', '/run/podman/podman.sock', '/run/dbus/system_bus_socket'],
  ...['/tmp/.X11-unix/X0', '/run/systemd/private', '/dev/log'],
]

/** The network out of stages and checks that have none. */
export const NETWORK_PROBES: readonly Probe[] = [
  {
    title: 'connects to Redis, the store, the API and this machine',
    carrier: 'build.command',
    before: REACH.listen,
    attempt: REACH.byBash,
    own: REACH.own,
    others: everywhere,
  },
  {
    title: 'connects to Redis, the store, the API and this machine',
    carrier: 'annotation processor',
    before: REACH.listen,
    attempt: REACH.byBash,
    own: REACH.own,
    others: everywhere,
  },
  {
    title: 'connects to Redis, the store, the API and this machine',
    carrier: "plugin's init",
    before: REACH.listen,
    attempt: REACH.byPerl,
    own: REACH.own,
    others: everywhere,
  },
  {
    title: 'connects to Redis, the store, the API and this machine',
    carrier: "Node.js handler's module",
    before: REACH.listen,
    attempt: REACH.byNode,
    own: REACH.own,
    others: everywhere,
  },
  {
    title: 'sends datagrams, which need no answer',
    carrier: 'static initializer',
    attempt: REACH.byDatagram,
    own: '127.0.0.1 53',
    others: (place) => [...elsewhere(place), '8.8.8.8 53', '169.254.169.254 53', '10.0.0.1 53'],
  },
  {
    title: 'finds hosts by their names',
    carrier: "Python handler's import",
    attempt: 'timeout 5 getent ahosts "$1"',
    own: 'localhost',
    others: () => [
      'metadata.google.internal',
      'redis',
      'minio',
      'host.docker.internal',
      hostname(),
    ],
  },
  {
    title: "opens sockets of the machine, such as Docker's",
    carrier: 'Makefile',
    before: OWN_SOCKET,
    attempt: BY_SOCKET,
    own: '/tmp/own.sock',
    others: sockets,
  },
  {
    title: "opens sockets of the machine, such as Docker's",
    carrier: 'bootstrap',
    before: OWN_SOCKET,
    attempt: BY_SOCKET,
    own: '/tmp/own.sock',
    others: sockets,
  },
  {
    title: "opens sockets of the machine, such as Docker's",
    carrier: 'npm install script',
    before: OWN_SOCKET,
    attempt: BY_SOCKET,
    own: '/tmp/own.sock',
    others: sockets,
  },
  {
    title: 'gives itself a network',
    carrier: 'build.command',
    attempt: 'sh -c "$1"',
    own: 'test -e /proc/net/dev',
    others: () => [
      ...[
        'ip link add dummy0 type dummy',
        'ip addr add 10.9.9.9/8 dev lo',
        'ip tuntap add mode tun',
      ],
      ...['test "$(wc -l < /proc/net/route)" -gt 1', 'test "$(wc -l < /proc/net/dev)" -gt 3'],
      'perl -MSocket -e "socket(my \\$raw, AF_INET, SOCK_RAW, 1) or exit 1"',
    ],
  },
]
