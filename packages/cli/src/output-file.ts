import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Engine } from '@packline/engine'
import { PacklineError } from '@packline/shared'

/** Keeps the finished package as a file of a folder: whole or not at all. */
export function outputFile(folder: string): Engine['store'] {
  return {
    address: (key) => pathToFileURL(join(folder, key)).href,
    put: async (key, content) => {
      const target = join(folder, key)
      const partial = join(folder, `.${key}.${randomUUID()}`)
      try {
        await mkdir(dirname(target), { recursive: true })
        if ('bytes' in content) await writeFile(partial, content.bytes)
        else await copyFile(content.path, partial)
        await rename(partial, target)
      } catch (cause) {
        await rm(partial, { force: true })
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new PacklineError('INVALID_REQUEST', `${target} can not be written: ${reason}`, {
          hint: 'Name another place with --output.',
          cause,
        })
      }
    },
  }
}
