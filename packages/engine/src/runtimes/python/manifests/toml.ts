import { parse, TomlError } from 'smol-toml'
import { pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import { invalid } from './invalid.ts'

/** A table of a TOML or JSON file; whatever is in it has to be looked at before it is used. */
export type Table = Readonly<Record<string, unknown>>

/** MANIFEST_INVALID, with the line, where it is no TOML. */
export function readToml(text: string, file: string): Table {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [said] = error.message.split('\n')
    throw invalid({ file, line: error.line }, pythonManifestFailures.notToml(said))
  }
}

/** The table at a path of keys; empty where there is none. */
export function tableAt(table: Table, ...keys: readonly string[]): Table {
  let at: unknown = table
  for (const key of keys) at = isTable(at) ? at[key] : undefined
  return isTable(at) ? at : {}
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The tables of a list; what is no table is left out. */
export function tablesIn(value: unknown): Table[] {
  return Array.isArray(value) ? value.filter(isTable) : []
}

/** The texts of a list, or of a single text. */
export function textsIn(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.filter((one): one is string => typeof one === 'string')
}
