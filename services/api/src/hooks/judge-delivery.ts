import type { NewDelivery, OpenHook, Push } from '@packline/records'
import { isRef, matchesRef, repositoryOf, type Words } from '@packline/shared'
import { deliveryReasons } from '../texts/deliveries.ts'
import type { Told } from './provider.ts'

const REF = /^refs\/(heads|tags)\/([^\s~^:?*[\\\u0000-\u001f\u007f]{1,244})$/
const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/

type Judged = Omit<NewDelivery, 'seenBy'>

/** What becomes of a verified delivery: whether it is a push that the hook is there for. */
export function judgeDelivery(hook: OpenHook, told: Told): Judged {
  const { event, name, ref, before, after } = told
  const said = { event, name: name?.slice(0, 256), ref: ref?.slice(0, 300) }
  const { ping, noPush } = deliveryReasons
  if (event === 'ping') return { ...said, outcome: 'ignored', ...because(ping()) }
  if (event === 'other') return { ...said, outcome: 'ignored', ...because(noPush()) }
  const wrong = whatIsWrong(hook, told)
  if (wrong) return { ...said, outcome: 'refused', ...because(wrong) }
  const push: Push = { ...pick(told), ref: ref ?? '' }
  const known = { ...said, before, after }
  const not = whyNot(hook, push.ref)
  if (not) return { ...known, outcome: 'ignored', ...because(not) }
  return { ...known, outcome: 'accepted', push }
}

function because({ en, zh }: Words): Pick<Judged, 'reason' | 'zh'> {
  return { reason: en, zh: { reason: zh } }
}

function pick({ before, after, forced, created, deleted }: Told): Omit<Push, 'ref'> {
  return { before, after, forced, created, deleted }
}

function whatIsWrong({ repository }: OpenHook, told: Told): Words | undefined {
  const { repositories, ref, before, after } = told
  const own = repositoryOf(repository)
  if (!repositories.some((address) => repositoryOf(address) === own)) {
    return deliveryReasons.otherRepository(repositories[0]?.slice(0, 300), own ?? repository)
  }
  if (ref === undefined || !REF.test(ref) || !isRef(ref)) {
    return deliveryReasons.otherRef(JSON.stringify(ref ?? '').slice(0, 100))
  }
  const commit = [before, after].find((one) => one !== undefined && !COMMIT.test(one))
  if (commit === undefined) return undefined
  return deliveryReasons.noCommit(JSON.stringify(commit).slice(0, 100))
}

/** Without patterns at all every branch counts, and no tag. */
function whyNot({ active, branches, tags }: OpenHook, ref: string): Words | undefined {
  if (!active) return deliveryReasons.inactive()
  const [, kind, name = ''] = REF.exec(ref) ?? []
  const isTag = kind === 'tags'
  const patterns = isTag ? (tags ?? []) : (branches ?? (tags ? [] : ['**']))
  if (patterns.some((pattern) => matchesRef(pattern, name))) return undefined
  return deliveryReasons.notFor(isTag ? 'tag' : 'branch', name)
}
