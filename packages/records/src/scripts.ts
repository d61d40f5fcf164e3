import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { answer } from './answer.ts'

const NAMES = [
  'accept',
  'accept-expanded',
  'api-keys/remove',
  'api-keys/used',
  'api-keys/write',
  'archived',
  'begin',
  'begin-expansion',
  'cancel',
  'claim',
  'commit',
  'condemn',
  'credentials/write',
  'drop',
  'expand',
  'finish',
  'finish-expansion',
  'functions/drop',
  'functions/point',
  'functions/put',
  'functions/retain',
  'functions/save',
  'hooks/remove',
  'hooks/write',
  'inspect',
  'keep-lock',
  'lasting/known',
  'lasting/outrun',
  'lasting/restore-credentials',
  'lasting/restore-dependencies',
  'lasting/restore-functions',
  'lasting/restore-hooks',
  'lasting/restore-keys',
  'lasting/written',
  'note',
  'notices/again',
  'notices/begin',
  'notices/inspect',
  'notices/settle',
  'pin-expansion',
  'receive',
  'release',
  'requests/admit',
  'requests/renew',
  'restore',
  'unfold',
  'wait',
] as const
export type ScriptName = (typeof NAMES)[number]

/** Runs one script. Its first argument is the prefix, which also tells a Cluster the slot. */
export type RunScript = (name: ScriptName, ...values: (string | number)[]) => Promise<unknown>

/** Makes the scripts known to a connection: one EVALSHA each, the text where Redis lacks it. */
export function defineScripts(redis: Redis, prefix: string): RunScript {
  for (const name of NAMES) {
    redis.defineCommand(commandOf(name), { numberOfKeys: 1, lua: textOf(name) })
  }
  return (name, ...values) => {
    const command: (...values: (string | number)[]) => Promise<unknown> = Reflect.get(
      redis,
      commandOf(name),
    )
    return answer(command.call(redis, `${prefix}:${name}`, prefix, ...values))
  }
}

const PRELUDE = read('prelude')
/** What some share: making builds, and what becomes builds later. */
const MAKING = ['write-build'] as const
const EXPANDING = [...MAKING, 'expanding'] as const
const LASTING = ['lasting/lasting'] as const
const NUMBERING = [...LASTING, 'functions/numbering'] as const
const PUBLISHING = [...LASTING, 'publishing'] as const
const ENDING = [...PUBLISHING, 'functions/numbering'] as const
const HOOKS = [...LASTING, 'hooks/keeping'] as const
const API_KEYS = [...LASTING, 'api-keys/keeping'] as const
const PARTS: Partial<Record<ScriptName, readonly string[]>> = {
  accept: MAKING,
  commit: MAKING,
  unfold: MAKING,
  'accept-expanded': EXPANDING,
  'begin-expansion': EXPANDING,
  expand: EXPANDING,
  'finish-expansion': EXPANDING,
  'pin-expansion': EXPANDING,
  receive: EXPANDING,
  'api-keys/remove': API_KEYS,
  'api-keys/write': API_KEYS,
  'credentials/write': LASTING,
  drop: PUBLISHING,
  finish: ENDING,
  'functions/drop': [...NUMBERING, 'functions/drafting'],
  'functions/point': NUMBERING,
  'functions/put': NUMBERING,
  'functions/retain': NUMBERING,
  'functions/save': [...LASTING, 'functions/drafting'],
  'hooks/remove': HOOKS,
  'hooks/write': HOOKS,
  'lasting/restore-credentials': LASTING,
  'lasting/restore-dependencies': PUBLISHING,
  'lasting/restore-functions': NUMBERING,
  'lasting/restore-hooks': HOOKS,
  'lasting/restore-keys': API_KEYS,
  'lasting/written': LASTING,
  restore: ENDING,
}

function textOf(name: ScriptName): string {
  return [PRELUDE, ...(PARTS[name] ?? []).map(read), read(name)].join('\n')
}

function commandOf(name: ScriptName): string {
  return `packline${name}`
}

/** A topic's scripts lie in its own folder: `functions/put` in `functions/scripts/put.lua`. */
function read(name: string): string {
  const path = name.includes('/') ? name.replace('/', '/scripts/') : `scripts/${name}`
  return readFileSync(new URL(`./${path}.lua`, import.meta.url), 'utf8')
}
