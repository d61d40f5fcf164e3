import { expect, test } from 'vitest'
import { loadProfile } from '../../../profiles/index.ts'
import { deploymentOf } from './deployment.ts'
import type { BuildReport, PackageConfiguration } from './report.ts'

const profile = await loadProfile('ctyun-functiongraph')

function reportOf(
  configuration: Partial<PackageConfiguration> = {},
  size = 1000,
  format: 'zip' | 'jar' = 'zip',
): BuildReport {
  const { directDeployBytesMax, packageBytesMax } = profile.limits
  return {
    package: {
      key: 'k',
      address: 's3://packages/k',
      format,
      size,
      sha256: '',
      entries: 1,
      unpackedSize: 1,
    },
    deploy: { direct: size <= directDeployBytesMax, objectStorage: size <= packageBytesMax },
    configuration: {
      function: 'hello',
      type: 'event',
      runtime: 'nodejs',
      version: '20.15',
      architecture: 'x86_64',
      handler: 'index.handler',
      dependencies: [],
      ...configuration,
    },
  } as unknown as BuildReport
}

test('a new function has all that the create call demands, and its code', () => {
  const deployment = deploymentOf(reportOf(), profile, 'UEsDBA==')
  expect(deployment?.create).toEqual({
    method: 'POST',
    path: '/v2/{project_id}/fgs/functions',
    body: {
      func_name: 'hello',
      package: 'default',
      runtime: 'Node.js20.15',
      handler: 'index.handler',
      timeout: 30,
      memory_size: 256,
      code_type: 'zip',
      code_filename: 'hello.zip',
      func_code: { file: 'UEsDBA==' },
    },
  })
  expect(deployment?.fill.join()).not.toContain('func_code')
})

test('new code and new configuration are two calls', () => {
  const initializer = { initializer: 'index.init', dependencies: ['libs@3'] }
  const deployment = deploymentOf(reportOf(initializer), profile)
  expect(deployment?.updateCode).toEqual({
    method: 'PUT',
    path: '/v2/{project_id}/fgs/functions/{function_urn}/code',
    body: {
      code_type: 'zip',
      code_filename: 'hello.zip',
      func_code: {},
      depend_version_list: ['libs@3'],
    },
  })
  expect(deployment?.updateConfiguration).toMatchObject({
    path: '/v2/{project_id}/fgs/functions/{function_urn}/config',
    body: { func_name: 'hello', initializer_handler: 'index.init', initializer_timeout: 30 },
  })
  expect(deployment?.fill.join('\n')).toMatch(/func_code\.file: .*\n.*depend_version_list/)
})

test('over 50 MB the code comes from object storage, by its address', () => {
  const size = profile.limits.directDeployBytesMax + 1
  expect(deploymentOf(reportOf({}, size), profile)?.create.body).toMatchObject({
    code_type: 'obs',
    code_url: 's3://packages/k',
    func_code: {},
  })
  expect(deploymentOf(reportOf({}, profile.limits.packageBytesMax + 1), profile)).toBeUndefined()
})

test('where it was copied to the deployment bucket that is its address, and nothing is left to do', () => {
  const report = reportOf({}, profile.limits.directDeployBytesMax + 1)
  expect(deploymentOf(report, profile)?.fill.join()).toContain('code_url: ')
  const deployFrom = 'https://code.obs.example/one/hello/a.zip'
  const copied = { ...report, package: report.package && { ...report.package, deployFrom } }
  const deployment = deploymentOf(copied, profile)
  expect(deployment?.create.body).toMatchObject({ code_type: 'obs', code_url: deployFrom })
  expect(deployment?.updateCode.body).toMatchObject({ code_type: 'obs', code_url: deployFrom })
  expect(deployment?.fill.join()).not.toContain('code_url')
})

test.each([
  [{ runtime: 'python', version: '3.10' }, 'Python3.10'],
  [{ runtime: 'java', version: '17' }, 'Java17'],
  [{ runtime: 'go', version: '1.x' }, 'Go1.x'],
  [{ runtime: 'custom', version: '1' }, 'Custom'],
  [{ runtime: 'java', version: '17', type: 'http', handler: undefined }, 'http'],
] as const)('%o is called %s by the platform', (configuration, name) => {
  const body = deploymentOf(reportOf(configuration), profile)?.create.body
  expect(body).toMatchObject({ runtime: name })
  if ('type' in configuration) expect(body).toMatchObject({ handler: 'bootstrap' })
})

test('what the reference of the API would not take as it is, is said', () => {
  const fill = (given: Partial<PackageConfiguration>) =>
    deploymentOf(reportOf(given), profile, '')?.fill.join('\n')
  expect(fill({})).not.toMatch(/func_name|handler/)
  expect(fill({ function: 'hello.v2' })).toContain('func_name: at most 60')
  expect(fill({ runtime: 'go', version: '1.x', handler: 'hello' })).toContain('handler: ')
})

test('a jar is sent as one', () => {
  const body = deploymentOf(reportOf({ runtime: 'java', version: '17' }, 9, 'jar'), profile)?.create
  expect(body?.body).toMatchObject({ code_type: 'jar', code_filename: 'hello.jar' })
})

test('nothing is told where the profile knows no calls, or the build has no package', () => {
  expect(deploymentOf(reportOf(), { ...profile, deployment: undefined })).toBeUndefined()
  expect(deploymentOf({ ...reportOf(), package: undefined }, profile)).toBeUndefined()
})
