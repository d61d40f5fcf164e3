import type { WorkerView } from '@packline/shared'

/** Tool chains that builds are made with, in the worker's own words for them. */
const SHOWN = ['npm', 'pythons', 'uv', 'jdks', 'maven', 'go', 'cc', 'zig', 'git']

/** What a worker builds with, and what fences it in or why nothing does: two lines for people. */
export function describeWorker({ tools, isolation }: WorkerView): string[] {
  const found = SHOWN.flatMap((name) => (tools[name] ? [`${name} ${tools[name]}`] : []))
  const fence = isolation.replace(/^no sandbox: /, 'NONE, what is built can reach all of this: ')
  return [`tools    ${found.join('; ') || 'none but Node.js'}`, `sandbox  ${fence}`]
}
