import type { Words } from '@packline/shared'

/** What is waited for: a worker that has a tool chain, such as `java 21`, or git. */
export function missingWorker(program: string, isNewer: boolean): Words {
  return {
    en: `a worker with ${program}${isNewer ? ' of a newer Packline' : ''}`,
    zh: `${isNewer ? '版本较新的 Packline 的、' : ''}具备 ${program} 的工作节点`,
  }
}
