import { SourceMap } from 'node:module'
import type { Subject } from '../runtimes/runtime.ts'

interface Place {
  path?: string
  line?: number
}

/** Past the end of any line: what stands last on it was made of the line that is meant. */
const LAST_COLUMN = 2 ** 31 - 1

/** A place in a bundle as the one in the source that it was made of; any other as it is. */
export function inSource<P extends Place>(answer: P, { package: { sourceMap } }: Subject): P {
  const { path, line } = answer
  const isBundle = path !== undefined && !/(?:^|\/)node_modules\//.test(path)
  if (!sourceMap || !isBundle || line === undefined) return answer
  const entry = new SourceMap(JSON.parse(sourceMap.toString())).findEntry(line - 1, LAST_COLUMN)
  // What esbuild itself has written has no place: then the entry is of a line before.
  if (!('originalSource' in entry) || entry.generatedLine !== line - 1) return answer
  return { ...answer, path: entry.originalSource, line: entry.originalLine + 1 }
}
