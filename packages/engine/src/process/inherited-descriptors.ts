import { readdir, readFile } from 'node:fs/promises'

const O_CLOEXEC = 0o2000000

/**
 * Descriptors of the worker beyond the three streams that a child process would inherit: those
 * that whoever started the worker left open. Node.js opens its own so that none is inherited. Only
 * Linux tells.
 */
export async function inheritedDescriptors(): Promise<number[]> {
  const names = await readdir('/proc/self/fdinfo').catch(() => [])
  const descriptors = names.map(Number).filter((descriptor) => descriptor > 2)
  const isInherited = await Promise.all(
    descriptors.map(async (descriptor) => {
      // It may be closed by now, as the one that read the folder is.
      const text = await readFile(`/proc/self/fdinfo/${descriptor}`, 'utf8').catch(() => '')
      const flags = /^flags:\s+(\d+)$/m.exec(text)?.[1]
      return flags !== undefined && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0
    }),
  )
  return descriptors.filter((_, index) => isInherited[index])
}
