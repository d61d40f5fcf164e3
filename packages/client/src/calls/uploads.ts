import type { Readable } from 'node:stream'
import type { Uploaded } from '@packline/shared'
import type { Connection } from '../connection.ts'
import { inQuery, type Keyed, keyHeader } from './asked.ts'

export interface UploadCalls {
  /** `size` is that of `content`, in bytes. */
  upload(
    content: Readable | Buffer,
    size: number,
    options?: Keyed & { entryNameEncoding?: 'gb18030' },
  ): Promise<Uploaded>
}

export function uploadCalls(server: Connection): UploadCalls {
  return {
    upload: (body, size, { entryNameEncoding, ...keyed } = {}) =>
      server.json(`/v1/uploads${inQuery({ entryNameEncoding })}`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/octet-stream',
          'content-length': String(size),
          ...keyHeader(keyed),
        },
      }),
  }
}
