import { Worker } from 'node:worker_threads'
import type { FoundSecret } from './find-secrets.ts'

export interface TextFile {
  path: string
  text: string
}

/** `left`: files that were not looked at in time, or that the scan failed on. */
export interface ScanResult {
  found: { path: string; secrets: readonly FoundSecret[] }[]
  left: string[]
}

type Answer = { path: string; found: FoundSecret[] | { failed: string } } | { done: true }

const THREAD = new URL('./scan-thread.ts', import.meta.url)
/** The rules' patterns, and no more than a few files' texts. */
const MEMORY = { maxOldGenerationSizeMb: 256 }

let thread: Worker | undefined
let last: Promise<unknown> = Promise.resolve()

/**
 * Scans texts in a thread that the whole process shares, one package after the other: patterns over
 * megabytes would hold up every build on the event loop. `timeoutMs` counts from its turn on.
 */
export function scanTexts(
  files: readonly TextFile[],
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<ScanResult> {
  if (files.length === 0) return Promise.resolve({ found: [], left: [] })
  const result = last.then(() => scan(files, options))
  last = result.catch(() => undefined)
  return result
}

async function scan(
  files: readonly TextFile[],
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<ScanResult> {
  signal.throwIfAborted()
  const left = new Set(files.map(({ path }) => path))
  const found: ScanResult['found'] = []
  const worker = started()
  worker.ref()
  const outcome = await new Promise<'done' | 'ended'>((resolve) => {
    const ended = () => end('ended')
    const timer = setTimeout(ended, timeoutMs)
    const take = (answer: Answer) => {
      if ('done' in answer) return end('done')
      if ('failed' in answer.found) return
      left.delete(answer.path)
      if (answer.found.length > 0) found.push({ path: answer.path, secrets: answer.found })
    }
    const end = (how: 'done' | 'ended') => {
      clearTimeout(timer)
      worker.off('message', take).off('error', ended).off('exit', ended)
      signal.removeEventListener('abort', ended)
      resolve(how)
    }
    worker.on('message', take).on('error', ended).on('exit', ended)
    signal.addEventListener('abort', ended, { once: true })
    worker.postMessage(files)
  })
  if (outcome === 'done') worker.unref()
  else await discard(worker)
  signal.throwIfAborted()
  return { found, left: [...left] }
}

function started(): Worker {
  if (thread) return thread
  thread = new Worker(THREAD, { resourceLimits: MEMORY })
  // Heard by the scan that it ends; without a listener it would end the process.
  thread.on('error', () => undefined)
  return thread
}

/** A pattern that runs away can only be stopped with its thread; the next scan starts another. */
async function discard(worker: Worker): Promise<void> {
  thread = undefined
  await worker.terminate()
}
