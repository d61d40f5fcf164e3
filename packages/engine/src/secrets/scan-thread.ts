import { parentPort } from 'node:worker_threads'
import { findSecrets } from './find-secrets.ts'
import type { TextFile } from './scanner.ts'

/** The scanning thread: takes the texts of one package, answers file by file, then `done`. */
parentPort?.on('message', async (files: readonly TextFile[]) => {
  for (const { path, text } of files) {
    const found = await findSecrets(path, text).catch((error: unknown) => {
      // Its own text may hold a part of the file.
      return { failed: error instanceof Error ? error.name : 'Error' }
    })
    parentPort?.postMessage({ path, found })
  }
  parentPort?.postMessage({ done: true })
})
