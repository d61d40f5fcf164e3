import type {
  FunctionPutInput,
  FunctionView,
  NumberedPackage,
  PackagesDiff,
} from '@packline/shared'
import { BUILD, BUILD_ID } from './builds.ts'

const AT = '2026-01-05T08:00:00.000Z'

export const FUNCTION_PUT: FunctionPutInput = {
  runtime: 'nodejs',
  version: '20.15',
  handler: 'index.handler',
  description: 'Greets by name',
  keep: { count: 10 },
  template: true,
}

export const FUNCTION: FunctionView = {
  name: 'hello',
  type: 'event',
  runtime: 'nodejs',
  version: '20.15',
  architecture: 'x86_64',
  handler: 'index.handler',
  build: { load: true, timeoutSeconds: 900 },
  description: 'Greets by name',
  keep: { count: 10 },
  createdAt: AT,
  updatedAt: AT,
  draft: { version: 3, files: 1, size: 38, editable: true },
  aliases: { current: 2, stable: 1 },
  newest: 2,
}

export const NUMBERED: NumberedPackage = {
  number: 2,
  build: BUILD_ID,
  createdAt: AT,
  package: BUILD.package as NumberedPackage['package'],
  verdict: { verdict: 'proved', because: 'loaded by Node.js 20' },
  findings: 0,
  aliases: ['current'],
}

export const DIFF: PackagesDiff = {
  from: 1,
  to: 2,
  counts: { added: 1, removed: 0, changed: 1, same: 0 },
  added: [{ path: 'lib/names.js', size: 20, crc32: '83dcefb7' }],
  removed: [],
  changed: [
    {
      path: 'index.js',
      from: { size: 31, crc32: '2d3e4f50' },
      to: { size: 38, crc32: '0a1b2c3d' },
    },
  ],
}
