import { expect, test } from 'vitest'
import { proxiesIn, withProxies } from './given-maven-settings.ts'

const DOOR = { https: 'http://127.0.0.1:3128', http: 'http://127.0.0.1:3128', no: '' }
const proxy = (fields: Record<string, string>) =>
  `<proxy>${Object.entries(fields).map(([name, text]) => `<${name}>${text}</${name}>`)}</proxy>`
const settings = (...proxies: string[]) =>
  `<settings xmlns="x"><proxies>${proxies.join('\n')}</proxies><mirrors/></settings>`

const FIRST = { protocol: 'https', host: 'one.corp', port: '3128' }

test.each([
  ['none', '<settings/>', undefined],
  ['an inactive one', settings(proxy({ ...FIRST, active: 'false' })), undefined],
  ['one in a remark', `<!-- ${settings(proxy(FIRST))} -->`, undefined],
  ['one for https', settings(proxy(FIRST)), { https: 'http://one.corp:3128' }],
  [
    'one for http, which then is for https as well',
    settings(proxy({ host: 'two.corp', port: '80', nonProxyHosts: 'a.corp|*.b|10.*' })),
    { https: 'http://two.corp:80', http: 'http://two.corp:80', no: 'a.corp,.b,10.*' },
  ],
  [
    'a password with signs',
    settings(proxy({ ...FIRST, username: 'me', password: 'a&amp;b@c' })),
    { https: 'http://me:a%26b%40c@one.corp:3128' },
  ],
  [
    'several, of which the first counts',
    settings(proxy({ ...FIRST, active: 'false' }), proxy({ ...FIRST, host: 'b' }), proxy(FIRST)),
    { https: 'http://b:3128' },
  ],
])('the worker goes on by the proxy of a file that names %s', (_, text, expected) => {
  expect(proxiesIn(text)).toEqual(expected)
})

test('Maven is told of the door in their place, and of nothing else anew', () => {
  const text = withProxies(settings(proxy({ ...FIRST, password: 'hush' })), DOOR)
  expect(text).not.toContain('hush')
  expect(text).toContain('<protocol>https</protocol><host>127.0.0.1</host><port>3128</port>')
  expect(text).toMatch(/^<settings xmlns="x"><proxies>.*<\/proxies><mirrors\/><\/settings>$/s)
  expect(text.match(/<proxies>/g)).toHaveLength(1)
  expect(withProxies('<settings>\n<servers/></settings>', DOOR)).toContain('</proxies>\n<servers/>')
})
