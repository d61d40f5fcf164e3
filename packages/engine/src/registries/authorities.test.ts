import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { PacklineError } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Authority, makeAuthority } from '../../../../test/harness/authority.ts'
import { needs } from '../../../../test/harness/needs.ts'
import { readAuthorities } from './authorities.ts'

let folder: string
let authority: Authority | undefined
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packline authorities-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach((context) => {
  needs(context, 'openssl')
  authority ??= makeAuthority(folder)
})

async function namesOf(path: string): Promise<string[]> {
  return (await readAuthorities(path)).map(({ subject }) => subject)
}

function fileOf(text: string): string {
  const path = join(folder, 'some.pem')
  writeFileSync(path, text)
  return path
}

test("a company's own authority stands first, those of the system behind it", async () => {
  const names = await namesOf(authority?.path ?? '')
  expect(names[0]).toBe('CN=Packline test authority')
  expect(names.length).toBeGreaterThan(50)
})

test('a file that holds the public ones too gives each of them once', async () => {
  const [own, ...system] = await readAuthorities(authority?.path ?? '')
  const path = fileOf([own, ...system, own].join('\n'))
  expect(await namesOf(path)).toHaveLength(system.length + 1)
})

test('what is no certificate between certificates is left out', async () => {
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  const path = fileOf(`# a remark\n${broken}${rootCertificates[0]}\n`)
  const alone = fileOf.bind(undefined, `${rootCertificates[0]}`)
  const found = await namesOf(path)
  expect(found).toEqual(await namesOf(alone()))
})

test.each([
  ['is not there', () => join(folder, 'none.pem'), /can not be read/],
  ['is a folder', () => folder, /can not be read/],
  ['holds a key alone', () => join(folder, 'authority.key'), /holds no certificate/],
])('a file that %s is named', async (_, path, reason) => {
  const failed = readAuthorities(path())
  await expect(failed).rejects.toThrow(reason)
  await expect(failed).rejects.toThrow(path())
  await expect(failed).rejects.toBeInstanceOf(PacklineError)
})
