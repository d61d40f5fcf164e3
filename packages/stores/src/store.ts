import type { Readable } from 'node:stream'

/** What is stored: bytes in memory, or a file with its size in bytes. */
export type StoredContent = { bytes: Buffer } | { path: string; size: number }

export interface StoredObject {
  key: string
  /** Bytes. */
  size: number
  modifiedAt: Date
}

export interface PutOptions {
  /** Of the whole content, 64 hexadecimal digits: the store refuses what does not match. */
  sha256: string
  contentType?: string
  signal?: AbortSignal
}

export interface ReadOptions {
  signal?: AbortSignal
}

export interface GetOptions extends ReadOptions {
  /** Bytes from `start` to `end`, counted from 0, both included; cut at the object's end. */
  range?: { start: number; end: number }
}

/**
 * Where packages and archives last. Keys are paths with forward slashes (see `object-key.ts`).
 * Every call fails with STORE_UNAVAILABLE in bounded time while the store is away, and works again
 * when it is back; an aborted signal throws the signal's own reason.
 */
export interface Store {
  readonly kind: 'minio' | 'folder'
  /** What a user is told: `s3://bucket/key`, or a file URL. */
  address(key: string): string
  /** Makes what the store needs: the bucket, the folder. Any number of processes may call it. */
  prepare(): Promise<void>
  /**
   * Stores all of the content or nothing, in one request; the same call again is harmless.
   * Content of another size or digest is refused with CONTENT_MISMATCH.
   */
  put(key: string, content: StoredContent, options: PutOptions): Promise<void>
  /**
   * `size`: the bytes that the stream gives. Read the stream to its end or destroy it.
   * A range that starts after the object's end is refused with INVALID_REQUEST.
   */
  get(key: string, options?: GetOptions): Promise<{ size: number; stream: Readable } | undefined>
  head(key: string, options?: ReadOptions): Promise<StoredObject | undefined>
  /** Objects whose keys start with the prefix, as text, in no promised order. */
  list(prefix: string, options?: ReadOptions): AsyncIterable<StoredObject>
  /** Removing what is not there is no fault. */
  remove(key: string): Promise<void>
  /** Resolves when the store answers; throws STORE_UNAVAILABLE within 2 s. */
  ping(): Promise<void>
  /** Lets go of every connection; what is still under way fails. */
  close(): Promise<void>
}
