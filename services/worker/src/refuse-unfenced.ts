import type { Isolation } from '@packline/engine'
import { failed } from '@packline/shared'
import type { WorkerEngine } from './worker-engine.ts'

/**
 * Throws SANDBOX_FAILED where a tenant's code would run with nothing around it and the operator has
 * not allowed that: another worker may have a sandbox.
 */
export function refuseUnfenced(
  { isolation, unsandboxed }: Pick<WorkerEngine, 'isolation' | 'unsandboxed'>,
  tenant: string,
): void {
  if (isolation.kind === 'sandbox' || unsandboxed === 'everybody') return
  if (unsandboxed.tenant === tenant) return
  throw failed('SANDBOX_FAILED', {
    detail: {
      en: `This worker builds nothing that others send: ${isolation.description}`,
      zh: `该工作节点不构建他人提交的代码：${isolation.description}`,
    },
    hint: {
      en: 'The operator has to make a sandbox possible on the worker (docs/operation.md), or to set PACKLINE_UNSANDBOXED=1 where only trusted code is built.',
      zh: '请管理员使工作节点能够建立沙箱（见 docs/operation.md），或仅在构建可信代码时设置 PACKLINE_UNSANDBOXED=1。',
    },
  })
}

/** An isolation that is none says whose builds run in spite of it: at start, in every report. */
export function withRefusals(
  isolation: Isolation,
  unsandboxed: WorkerEngine['unsandboxed'],
): Isolation {
  if (isolation.kind === 'sandbox') return isolation
  return { ...isolation, description: `${isolation.description}; ${wordsOf(unsandboxed)}` }
}

function wordsOf(unsandboxed: WorkerEngine['unsandboxed']): string {
  if (unsandboxed === 'everybody') return 'builds of everybody run without one'
  if (unsandboxed.tenant === undefined) return 'all builds are refused'
  return `builds of others than ${unsandboxed.tenant} are refused`
}
