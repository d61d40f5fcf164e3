import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'

/** AWS Lambda as data, by its developer guide ("Lambda quotas", "Lambda runtimes"). */
const LAMBDA = `schema: 1
name: aws-lambda
title: AWS Lambda
region: eu-central-1
architectures: [x86_64, aarch64]
codeRoot: /var/task
httpPort: 8080
glibc: { version: "2.34", level: error } # Amazon Linux 2023
libraries: { names: [libc.so.6, libm.so.6, libdl.so.2, libpthread.so.0], versions: {} }
go: { modules: {} }
levels: { handlerInFolder: note }
limits:
  uploadBytesMax: 52428800
  packageBytesMax: 262144000
  directDeployBytesMax: 52428800
  unpackedBytesMax: 262144000
  unpackedWarnBytes: 250000000
  dependencyFilesMax: 30000
  dependenciesMax: 5
  dependencyBytesMax: 262144000
  handlerCharsMin: 1
  handlerCharsMax: 128
  editorBytesMax: 3145728
runtimes:
  nodejs: { default: "22", handlerForms: [file.function], versions: [{ version: "20" }, { version: "22" }] }
  python: { default: "3.12", handlerForms: [file.function], versions: [{ version: "3.12" }, { version: "3.13" }] }
`

let place: Workplace
beforeAll(async () => {
  place = await makeWorkplace()
  await place.write({
    'aws-lambda.yaml': LAMBDA,
    'py/lambda_function.py': 'def lambda_handler(event, context):\n    return event\n',
    'js/index.mjs': 'export const handler = async (event) => event\n',
    'java/Hello.java': 'public class Hello {}\n',
  })
})
afterAll(() => place?.remove())

test('the profile of a third platform is taken as it is', async () => {
  const { code, stdout } = await place.run(['profile', 'check', 'aws-lambda.yaml'])
  expect([code, stdout]).toEqual([0, expect.stringContaining('AWS Lambda')])
})

test.each([
  ['py', 'lambda_function.lambda_handler', { runtime: 'python', version: '3.12' }],
  ['js', 'index.handler', { runtime: 'nodejs', version: '22' }],
])('%s is packed for it, with its versions', async (folder, handler, expected) => {
  const args = ['pack', folder, '--profile', 'aws-lambda.yaml', '--handler', handler, '--json']
  const { code, stdout, stderr } = await place.run(args)
  expect([code, stderr]).toEqual([0, expect.any(String)])
  const { report } = JSON.parse(stdout)
  expect(report).toMatchObject({ profile: 'aws-lambda', configuration: { handler, ...expected } })
  expect(report.findings.filter(({ level }: { level: string }) => level === 'error')).toEqual([])
})

test('a runtime that it does not have is refused', async () => {
  const { code, stderr } = await place.run(['pack', 'java', '--profile', 'aws-lambda.yaml'])
  expect([code, stderr]).toEqual([2, expect.stringMatching(/java/i)])
})
