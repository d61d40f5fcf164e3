import { readElf } from '../elf.ts'
import { readStart } from '../read-start.ts'
import { inspectBootstrap } from '../rules/bootstrap.ts'
import { PROOFS, REASONS } from '../texts/verdict.ts'
import { joined } from '../words.ts'
import { insideOf, loaderBinds, platformEnvironment } from './node-loader.ts'
import { standInsFor } from './platform-homes.ts'
import type { LoadCheck, Subject } from './runtime.ts'

const FILES = ['http-probe.mjs', 'probe-teller.mjs']
/** A process that listens at once, such as Node.js or Go. */
const ANSWER_WITHIN_MS = 20_000
/** The start of the sandbox and of the probe itself. */
const AROUND_MS = 10_000
const SCRIPT_BYTES_MAX = 256 * 1024

/**
 * HTTP functions: `bootstrap` is started and must answer on the profile's port of loopback, within
 * 20 s where the runtime says nothing else.
 */
export async function httpLoad(
  subject: Subject,
  answerWithinMs: number = ANSWER_WITHIN_MS,
): Promise<LoadCheck> {
  const { profile, tools } = subject
  const started = standInsFor(await scriptOf(subject), subject)
  if ('lacking' in started) {
    return { kind: 'unavailable', because: REASONS.noStandIn(started.lacking) }
  }
  const { standIns } = started
  const { doubt } = await inspectBootstrap(subject)
  const reasons = [...standIns.map(({ because }) => because), doubt].filter(
    (one) => one !== undefined,
  )
  const { node } = tools
  return {
    kind: 'command',
    argv: [node.path, insideOf('http-probe.mjs'), String(profile.httpPort), String(answerWithinMs)],
    env: platformEnvironment(profile),
    binds: [
      ...loaderBinds(FILES, import.meta.url, node),
      ...standIns.flatMap(({ binds }) => binds),
    ],
    loadedBy: PROOFS.ownBootstrap(standIns.map(({ title }) => title)),
    same: reasons.length === 0,
    because: reasons.length > 0 ? joined(reasons, ';') : undefined,
    fenced: true,
    timeoutMs: answerWithinMs + AROUND_MS,
  }
}

async function scriptOf({ package: { archive } }: Subject): Promise<string> {
  const entry = archive.entries.find(({ path, kind }) => path === 'bootstrap' && kind === 'file')
  if (!entry) return ''
  const start = await readStart(archive, entry.path, Math.min(entry.size, SCRIPT_BYTES_MAX))
  return readElf(start) ? '' : start.toString('utf8')
}
