/** One line per phase with its time, to the standard output. */
export async function phase<T>(
  name: string,
  work: () => Promise<T>,
  describe: (result: T) => string,
): Promise<T> {
  const started = performance.now()
  const result = await work()
  printPhase(name, performance.now() - started, describe(result))
  return result
}

/** For a phase that somebody else has timed. */
export function printPhase(name: string, ms: number, text: string): void {
  print(`${name.padEnd(8)} ${(ms / 1000).toFixed(1).padStart(6)} s  ${text}`.trimEnd())
}

/** One line to the standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
