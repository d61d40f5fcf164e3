import { loadProfile } from '@packline/profiles'
import { expect, test } from 'vitest'
import { type Template, templateOf } from './template.ts'
import { templateOn } from './template-on.ts'

const profile = await loadProfile('ctyun-functiongraph')
const http = templateOf('nodejs', 'http') as Template
const started = (template: Template) =>
  /^exec (\S+)/m.exec(template.files.bootstrap?.text ?? '')?.[1]

test('a bootstrap starts the Node.js of the version, where the platform has it', () => {
  const path = (version: string) => `/opt/function/runtime/nodejs${version}/rtsp/nodejs/bin/node`
  expect(templateOn(http, profile)).toEqual(http)
  expect(started(templateOn(http, profile, '18.15'))).toBe(path('18.15'))
  const nodejs = { ...profile.runtimes.nodejs, default: '18.15', home: '/node/{version}' }
  const other = { ...profile, runtimes: { ...profile.runtimes, nodejs } } as typeof profile
  expect(started(templateOn(http, other))).toBe('/node/18.15/bin/node')
})

test('a version that the platform has not is refused', () => {
  expect(() => templateOn(http, profile, '99')).toThrow('version is "99"')
})
