import {
  type FunctionPutInput,
  type FunctionView,
  failed,
  functionPutSchema,
  PacklineError,
} from '@packline/shared'
import { runtimeNamed } from '../../choose-local-runtime.ts'
import { firstMistake } from '../../first-mistake.ts'
import { manifestAt } from '../../manifest.ts'
import { type FunctionOptions, fieldsOf } from '../../request-fields.ts'
import { row } from '../../rows.ts'
import { serverOf } from '../../server/find-server.ts'
import { labelsOf } from '../../server-request.ts'
import type { Terminal } from '../../terminal.ts'
import { functionRows } from './look.ts'

interface PutOptions extends FunctionOptions {
  manifest?: string
  label?: string[]
  split?: boolean
  description?: string
  keepCount?: number
  keepDays?: number
  template?: boolean
  json?: boolean
}

/** `packline functions put`: registers a function, or says anew what it is. */
export async function putFunction(
  terminal: Terminal,
  name: string,
  options: PutOptions,
): Promise<number> {
  const { manifest, description, keepCount, keepDays, template, json } = options
  const keep =
    keepCount === undefined && keepDays === undefined
      ? undefined
      : { count: keepCount, days: keepDays }
  const settings = manifest === undefined ? byOptions(options) : await listed(manifest, name)
  const asked = checked({ ...settings, description, keep, template })
  const made = await (await serverOf(terminal)).putFunction(name, asked)
  const { stdout, stderr } = terminal
  stdout.write(`${json ? JSON.stringify(made) : functionRows(made).join('\n')}\n`)
  if (!json) stderr.write(`${row('next', `packline functions ${next(made)}`)}\n`)
  return 0
}

function next({ name, draft }: FunctionView): string {
  if (draft.files > 0) return `build ${name} --wait`
  return draft.editable ? `push ${name} FOLDER` : `build ${name} FOLDER --wait`
}

function byOptions(options: PutOptions): object {
  if (options.runtime === undefined) {
    throw new PacklineError('INVALID_REQUEST', 'Nothing says what the function is', {
      hint: 'Say --runtime and --handler, or --manifest packline.yaml.',
    })
  }
  const { dependency = [], label } = options
  const { function: _name, ...fields } = fieldsOf(runtimeNamed(options.runtime), options)
  const dependencies = dependency.length > 0 ? dependency : undefined
  return { ...fields, dependencies, labels: labelsOf(label) }
}

/** Where its files lie is the manifest's to say, and nothing that a server keeps. */
async function listed(given: string, name: string): Promise<object> {
  const { functions } = (await manifestAt(given)).manifest
  const { [name]: found } = functions
  if (found) {
    const { path: _path, shared: _shared, ...settings } = found
    return settings
  }
  throw new PacklineError('INVALID_REQUEST', `${given} lists no function "${name}"`, {
    hint: `It lists ${Object.keys(functions).join(', ')}.`,
  })
}

/** What the server would refuse for its form is told with the option's name. */
function checked(settings: object): FunctionPutInput {
  const plain = JSON.parse(JSON.stringify(settings)) as FunctionPutInput
  const parsed = functionPutSchema.safeParse(plain)
  if (parsed.success) return plain
  throw failed('INVALID_REQUEST', { detail: firstMistake(parsed.error, plain) })
}
