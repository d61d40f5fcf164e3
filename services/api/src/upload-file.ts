import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lives } from '@packline/setup'

const NAME = /^upload-(\d+)-[0-9a-f-]{36}$/

/** Where an upload lies on its way to the store; the name tells whose it is. */
export function uploadFile(scratch: string): string {
  return join(scratch, `upload-${process.pid}-${randomUUID()}`)
}

/** Removes what killed services left; a file of one that lives stays. */
export async function removeLeftUploads(scratch: string): Promise<void> {
  // A folder that is not there yet holds nothing.
  const names = await readdir(scratch).catch((): string[] => [])
  const left = names.filter((name) => {
    const pid = Number(NAME.exec(name)?.[1])
    return Number.isInteger(pid) && (pid === process.pid || !lives(pid))
  })
  await Promise.all(left.map((name) => rm(join(scratch, name), { force: true })))
}
