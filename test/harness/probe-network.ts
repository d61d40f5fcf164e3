/** What code of a build tries to reach; each is asked for in three ways. */
export interface Target {
  name: string
  host: string
  port: number
}

/**
 * A script for bash that tries each target directly, and as a tunnel and in clear by the door, and
 * prints a line for each that the log then has: `probe: WAY HOST:PORT ANSWER`.
 */
export function probeScript(targets: readonly Target[]): string {
  const tries = targets.map(({ host, port }) => `try ${host} ${port}\n`)
  return `say() { echo "probe: $1"; }
ask() {
  (exec 9<>/dev/tcp/127.0.0.1/3128 && printf "$1 HTTP/1.0\\r\\n\\r\\n" >&9 && head -1 <&9) 2>&1 |
    tr -d '\\r' | tail -1
}
try() {
  if timeout 5 bash -c "exec 9<>/dev/tcp/$1/$2" 2>/dev/null; then say "direct $1:$2 reached"
  else say "direct $1:$2 none"; fi
  say "tunnel $1:$2 $(ask "CONNECT $1:$2")"
  say "clear $1:$2 $(ask "GET http://$1:$2/")"
}
${tries.join('')}`
}

/** What the log says of each try, in order. */
export function probed(log: readonly string[]): string[] {
  return log.flatMap((line) => /(?:^|\s)probe: (.*)$/.exec(line)?.[1] ?? [])
}

/** All tries of all targets, as a door that lets none through answers them. */
export function allRefused(targets: readonly Target[]): string[] {
  return targets.flatMap(({ host, port }) => [
    `direct ${host}:${port} none`,
    `tunnel ${host}:${port} HTTP/1.1 403 Forbidden`,
    `clear ${host}:${port} HTTP/1.1 403 Forbidden`,
  ])
}
