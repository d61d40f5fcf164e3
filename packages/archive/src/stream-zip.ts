import type { Readable } from 'node:stream'
import { failed, type PacklineError } from '@packline/shared'
import { ZipFile } from 'yazl'

/** yazl keeps the DOS time in local time: midnight here is midnight in the archive, in any zone. */
const mtime = new Date(1980, 0, 1)

const ATTRIBUTES = { mtime, mode: 0o100644, compress: false, forceDosTimestamp: true } as const

/** What goes in as it is; `open` is called when it is its turn. `size` in bytes, exact. */
export interface StreamedFile {
  path: string
  size: number
  open(): Promise<Readable>
}

/**
 * A ZIP of files that are packed already, stored as they are and read one after another as the
 * output is read: memory holds a piece of one. Same files, same bytes. A fault of any, or the
 * signal, destroys the stream.
 */
export function streamZip(files: Iterable<StreamedFile>, signal: AbortSignal): Readable {
  const zip = new ZipFile()
  const output = zip.outputStream as unknown as Readable
  const fail = (error: unknown) => output.destroy(error as Error)
  // The error is met where the output is read; without a listener it would end the process first.
  output.on('error', () => {})
  zip.on('error', fail)
  let current: Readable | undefined
  const begin = async (file: StreamedFile) => {
    const content = await file.open()
    current = content
    // yazl looks at neither the stream's errors nor its early end, and would wait for ever.
    content.on('error', fail)
    content.once('close', () => content.readableEnded || fail(cut(file)))
    if (output.destroyed) content.destroy()
    return content
  }
  for (const file of files) {
    // yazl asks for a stream when all before it has been written.
    zip.addReadStreamLazy(file.path, { ...ATTRIBUTES, size: file.size }, (take) => {
      begin(file).then((content) => take(undefined, content), fail)
    })
  }
  zip.end()
  const stop = () => fail(signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  output.once('close', () => {
    signal.removeEventListener('abort', stop)
    current?.destroy()
  })
  return output
}

function cut({ path, size }: StreamedFile): PacklineError {
  const detail = {
    en: `${path} broke off before its ${size} bytes`,
    zh: `${path} 在达到 ${size} 字节之前中断`,
  }
  return failed('STORE_UNAVAILABLE', { detail })
}
