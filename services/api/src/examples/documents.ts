import type { BuildReport, Deployment, PackageConfiguration } from '@packline/shared'
import { BUILD } from './builds.ts'

export const CONFIGURATION: PackageConfiguration = {
  function: 'hello',
  type: 'event',
  runtime: 'nodejs',
  version: '20.15',
  architecture: 'x86_64',
  handler: 'index.handler',
  dependencies: [],
}

export const REPORT: BuildReport = {
  schema: 1,
  buildKey: 'd'.repeat(64),
  runtime: 'nodejs',
  version: '20.15',
  detectedBecause: 'the request says so',
  as: 'source',
  asBecause: 'inline files are built',
  pin: BUILD.pin,
  verdict: { verdict: 'proved', because: 'loaded by Node.js 20' },
  findings: [],
  mended: [],
  steps: [
    { step: 'fetch', ms: 1 },
    { step: 'zip', ms: 3 },
  ],
  tools: [{ name: 'node', version: '20.15.1', because: 'the request says 20.15' }],
  largest: [{ path: 'index.js', kind: 'file', packed: 40, unpacked: 38 }],
  dependencies: [],
  deploy: { direct: true, objectStorage: true },
  isolation: 'sandbox',
  profile: 'ctyun-functiongraph',
  package: BUILD.package,
  configuration: CONFIGURATION,
}

export const SBOM = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  components: [{ type: 'library', name: 'is-odd', version: '3.0.1', purl: 'pkg:npm/is-odd@3.0.1' }],
}

const code = { code_type: 'zip', code_filename: 'hello.zip', func_code: {} }
const run = { runtime: 'Node.js20.15', handler: 'index.handler', timeout: 30, memory_size: 256 }

export const DEPLOYMENT: Deployment = {
  create: {
    method: 'POST',
    path: '/v2/{project_id}/fgs/functions',
    body: { func_name: 'hello', package: 'default', ...run, ...code },
  },
  updateCode: {
    method: 'PUT',
    path: '/v2/{project_id}/fgs/functions/{function_urn}/code',
    body: code,
  },
  updateConfiguration: {
    method: 'PUT',
    path: '/v2/{project_id}/fgs/functions/{function_urn}/config',
    body: { func_name: 'hello', ...run },
  },
  fill: ['project_id and function_urn in the path', 'func_code.file: the package in base64'],
}

export const UPLOADED = {
  upload: 'e'.repeat(64),
  sha256: 'e'.repeat(64),
  size: 48_213,
  format: 'zip',
  entries: 12,
}
