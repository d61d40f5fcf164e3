import { availableParallelism } from 'node:os'
import { type Isolation, runTool } from '@packline/engine'

const RUN_MS_MAX = 30_000
const OUTPUT_BYTES_MAX = 64 * 1024

/**
 * What no load check can be faster than: the sandbox's own command line, as a build has it,
 * starting `node -e 0` once per function, as many at a time as cores. Answers starts per second.
 */
export async function sandboxFloor(
  count: number,
  isolation: Isolation,
  signal: AbortSignal,
): Promise<number> {
  const run = runTool(isolation)
  const node = process.execPath
  let left = count
  const startOne = async () => {
    const slot = await isolation.acquireSlot(signal)
    try {
      while (left-- > 0) {
        const { exitCode } = await run(
          {
            argv: [node, '-e', '0'],
            cwd: '/',
            env: { PATH: '/usr/bin:/bin' },
            network: 'none',
            binds: [{ from: node, to: node }],
          },
          { signal, timeoutMs: RUN_MS_MAX, outputBytesMax: OUTPUT_BYTES_MAX, slot },
        )
        if (exitCode !== 0) throw new Error(`node ended with exit code ${exitCode}`)
      }
    } finally {
      slot.release()
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: availableParallelism() }, startOne))
  return count / ((performance.now() - started) / 1000)
}
