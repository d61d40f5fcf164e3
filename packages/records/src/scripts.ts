import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { answer } from './answer.ts'

const NAMES = [
  'accept',
  'archived',
  'begin',
  'cancel',
  'claim',
  'condemn',
  'drop',
  'finish',
  'inspect',
  'keep-lock',
  'note',
  'release',
  'restore',
  'wait',
] as const
export type ScriptName = (typeof NAMES)[number]

/** Runs one script. Its first argument is the prefix, which also tells a Cluster the slot. */
export type RunScript = (name: ScriptName, ...values: (string | number)[]) => Promise<unknown>

/** Makes the scripts known to a connection: one EVALSHA each, the text where Redis lacks it. */
export function defineScripts(redis: Redis, prefix: string): RunScript {
  for (const name of NAMES) {
    redis.defineCommand(commandOf(name), { numberOfKeys: 1, lua: `${PRELUDE}\n${read(name)}` })
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

function commandOf(name: ScriptName): string {
  return `packline${name}`
}

function read(name: string): string {
  return readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')
}
