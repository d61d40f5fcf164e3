import type { DependencyRequestInput, DependencyRevision } from '@packline/shared'
import { BUILD_ID } from './builds.ts'

export const DEPENDENCY_REQUEST: DependencyRequestInput = {
  name: 'my-libraries',
  runtime: 'nodejs',
  source: { kind: 'inline', files: { 'package.json': '{"dependencies":{"is-odd":"3.0.1"}}' } },
}

export const REVISION: DependencyRevision = {
  name: 'my-libraries',
  revision: 2,
  runtime: 'nodejs',
  version: '20.15',
  architecture: 'x86_64',
  createdAt: '2026-01-05T08:00:00.310Z',
  build: BUILD_ID,
  package: {
    key: `packages/one/my-libraries/${'c'.repeat(64)}.zip`,
    address: `s3://packline/packages/one/my-libraries/${'c'.repeat(64)}.zip`,
    format: 'zip',
    size: 4120,
    sha256: 'c'.repeat(64),
    entries: 9,
    unpackedSize: 9210,
  },
}
