import { createHash, createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { HOOK_PROVIDERS, type HookProvider } from '@packline/shared'
import type { Form } from './forms.ts'
import { PAYLOADS, SECRET, type Sent, signed } from './payloads.ts'

/** A delivery that must not be taken, and what is wrong with it. */
export type Forgery = [what: string, forge: () => Sent]

/** All that apply to a form: of a plain token those of the token, which guards nothing else. */
export function forgeriesOf(form: Form): Forgery[] {
  const { covers } = form
  return [
    ...ofSignature(form),
    ...ofPlace(form),
    ...ofSecret(form),
    ...ofOthers(form),
    ...ofForm(form),
    ...(covers.includes('body') ? ofBody(form) : []),
    ...(covers.includes('time') ? ofTime(form) : []),
    ...(covers.includes('id') ? ofId(form) : []),
  ]
}

/** The right delivery with another signature or token. */
function withSignature({ send, header }: Form, change: (right: string) => string | undefined) {
  const { headers, body } = send()
  const { [header]: right = '', ...others } = headers
  const value = change(right)
  return { headers: value === undefined ? others : { ...others, [header]: value }, body }
}

function ofSignature(form: Form): Forgery[] {
  const { body } = form.send()
  const sum = (algorithm: string, encoding: 'hex' | 'base64', of: Buffer | string = body) =>
    createHmac(algorithm, SECRET).update(of).digest(encoding)
  const plain = (text: string) => createHash('sha256').update(text).digest('hex')
  const changes: [string, (right: string) => string | undefined][] = [
    ['none', () => undefined],
    ['an empty one', () => ''],
    ['white space', () => ' \t '],
    ['one cut by a character', (right) => right.slice(0, -1)],
    ['one without its first character', (right) => right.slice(1)],
    ['half of one', (right) => right.slice(0, right.length / 2)],
    ['its first eight characters', (right) => right.slice(0, 8)],
    ['one with a character more', (right) => `${right}a`],
    ['one with a character changed', (right) => (right.endsWith('1') ? '2' : '1') + right.slice(1)],
    ['one reversed', (right) => [...right].reverse().join('')],
    ['one twice', (right) => `${right},${right}`],
    ['one twice without a space', (right) => right + right],
    ['one in quotes', (right) => `"${right}"`],
    ['one as a list', (right) => `["${right}"]`],
    ['one percent-encoded twice', (right) => encodeURIComponent(encodeURIComponent(`${right}=`))],
    ['one with a tab inside', (right) => `${right.slice(0, 9)}\t${right.slice(9)}`],
    ['one in base64 once more', (right) => Buffer.from(right).toString('base64')],
    ['one in hexadecimal once more', (right) => Buffer.from(right).toString('hex')],
    ['one in the other letter case', (right) => otherCase(right)],
    ['zeros', (right) => '0'.repeat(right.length)],
    ['as many "f"', (right) => 'f'.repeat(right.length)],
    ['HMAC-SHA1', () => `sha1=${sum('sha1', 'hex')}`],
    ['HMAC-SHA1 named as SHA-256', () => `sha256=${sum('sha1', 'hex')}`],
    ['HMAC-SHA512', () => `sha512=${sum('sha512', 'hex')}`],
    ['HMAC-MD5', () => sum('md5', 'hex')],
    ['HMAC-SHA384 in base64', () => `v1,${sum('sha384', 'base64')}`],
    ['that of an empty body', () => `sha256=${sum('sha256', 'hex', '')}`],
    ['that of an empty body, bare', () => sum('sha256', 'hex', '')],
    ['that of an empty body, in base64', () => `v1,${sum('sha256', 'base64', '')}`],
    ['that of the body in base64, after its algorithm', () => `sha256=${sum('sha256', 'base64')}`],
    ['the sum of the body alone', () => `sha256=${plain(body.toString())}`],
    ['the sum of secret and body', () => `sha256=${plain(SECRET + body)}`],
    ['another version', (right) => `${right.replace('v1,', 'v1a,').replace('sha256=', 'sha3=')}!`],
    ['the word "undefined"', () => 'undefined'],
    ['the word "null"', () => 'null'],
    ['the prefix alone', () => 'sha256='],
    ['a version alone', () => 'v1,'],
    ['letters that are none of ours', () => 'sha256=\u00e9\u00e8\u00fc'],
    ['8,000 characters', () => 'a'.repeat(8000)],
  ]
  return changes.map(([what, change]) => [
    `whose signature is ${what}`,
    () => withSignature(form, change),
  ])
}

/** Of hexadecimal digits the other case is the same number: there the prefix is changed. */
function otherCase(right: string): string {
  const [, prefix = '', digits] = /^(sha256=)?([0-9a-f]{64})$/.exec(right) ?? []
  if (digits !== undefined) return `${prefix.toUpperCase() || 'SHA256='}${digits}`
  const upper = right.toUpperCase()
  return upper === right ? right.toLowerCase() : upper
}

/** The headers that anybody's signature or token stands in. */
const HEADERS = [
  'x-hub-signature-256',
  'x-hub-signature',
  'x-gitlab-token',
  'webhook-signature',
].concat('x-gitea-signature', 'x-forgejo-signature', 'x-gitee-token', 'authorization', 'cookie')

/** What is right, but not where it belongs, or not alone there. */
function ofPlace(form: Form): Forgery[] {
  const { header, send } = form
  const moved = HEADERS.filter((name) => name !== header && !isRead(form, name)).map(
    (name): Forgery => [
      `whose signature stands in ${name}`,
      () => {
        const { headers, body } = send()
        const { [header]: right = '', ...others } = headers
        return { headers: { ...others, [name]: right }, body }
      },
    ],
  )
  const twice = (change: (right: string) => string[]): Sent => {
    const sent = send()
    return { ...sent, twice: { [header]: change(sent.headers[header] ?? '') } }
  }
  return [
    ...moved,
    ['with a wrong signature twice', () => twice(() => ['wrong', 'sha256=wrong'])],
    ['with the right signature before a wrong one', () => twice((right) => [right, 'v1,AAAA'])],
    ['with an empty signature before a wrong one', () => twice(() => ['', 'wrong'])],
  ]
}

/** Forgejo sends Gitea's header as well as its own. */
function isRead({ header, provider }: Form, name: string): boolean {
  return provider === 'gitea' && header !== name && /^x-(gitea|forgejo)-signature$/.test(name)
}

function ofSecret({ send }: Form): Forgery[] {
  const key = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
  const short = `whsec_${Buffer.alloc(31, 3).toString('base64')}`
  return [key(4), key(0), short, key(3).toLowerCase()].map((secret) => [
    `signed with ${JSON.stringify(secret.slice(0, 12))}`,
    () => send(undefined, { secret }),
  ])
}

/** What signs rightly, for somebody else. Gitea takes GitHub's, GitLab the standard's. */
function ofOthers({ provider }: Form): Forgery[] {
  const alike: Partial<Record<HookProvider, HookProvider>> = {
    gitea: 'github',
    gitlab: 'generic',
    generic: 'gitlab',
  }
  const others = HOOK_PROVIDERS.filter((one) => one !== provider && one !== alike[provider])
  return others.map((other) => [`signed as ${other} does`, () => signed(other, PAYLOADS[provider])])
}

/** The right signature of another body. */
function ofBody({ provider, send }: Form): Forgery[] {
  const { headers, body } = send()
  const payload = PAYLOADS[provider]
  const turned = Object.fromEntries(Object.entries(payload).reverse())
  const form = Buffer.from(`payload=${encodeURIComponent(body.toString())}`)
  const bodies: [string, string | Buffer][] = [
    ['written with spaces', JSON.stringify(payload, null, 2)],
    ['in another order', JSON.stringify(turned)],
    ['with a line feed more', `${body}\n`],
    ['with a space before it', ` ${body}`],
    ['with a byte order mark', `\ufeff${body}`],
    ['cut', body.subarray(0, -1)],
    ['that is empty', ''],
    ['with another commit', body.toString().replaceAll('bffeb', 'bffec')],
    ['with a slash escaped', body.toString().replace('/', '\\/')],
    ['with a letter escaped', body.toString().replace('"ref"', '"\\u0072ef"')],
    ['with a member twice', body.toString().replace('{', '{"ref":"refs/heads/other",')],
    ['of another repository', body.toString().replaceAll('functions', 'functionz')],
    ['as a form', form],
    ['in UTF-16', Buffer.from(body.toString(), 'utf16le')],
    ['compressed', gzipSync(body)],
  ]
  return bodies.map(([what, other]) => [
    `with a body ${what}`,
    () => ({ headers, body: Buffer.from(other) }),
  ])
}

/** Rightly signed, and refused all the same. */
function ofForm({ provider, send }: Form): Forgery[] {
  const typed = (type: string | undefined, sent: Sent): Sent => {
    const { 'content-type': _type, ...headers } = sent.headers
    return { ...sent, headers: type === undefined ? headers : { ...headers, 'content-type': type } }
  }
  const encoded = (encoding: string, sent: Sent): Sent => {
    return { ...sent, headers: { ...sent.headers, 'content-encoding': encoding } }
  }
  const { body } = send()
  const form = Buffer.from(`payload=${encodeURIComponent(body.toString())}`)
  const wide = Buffer.from(body.toString(), 'utf16le')
  const payload = PAYLOADS[provider]
  return [
    ['as a form', () => typed('application/x-www-form-urlencoded', send(form))],
    ['as a form that says it is JSON', () => send(form)],
    ['as plain text', () => typed('text/plain', send())],
    ['of no type', () => typed(undefined, send())],
    ['as parts', () => typed('multipart/form-data; boundary=x', send())],
    ['in UTF-16, as its type says', () => typed('application/json; charset=utf-16', send(wide))],
    ['as a list', () => send([payload])],
    ['as a text', () => send('push')],
    ['as null', () => send(null)],
    ['cut', () => send(body.subarray(0, -1))],
    ['empty', () => send(Buffer.alloc(0))],
    ['not in UTF-8', () => send(Buffer.concat([body, Buffer.from([0xff])]))],
    ['without a repository', () => send({ ref: 'refs/heads/main' })],
    ['with a ref that is none', () => send({ ...payload, ref: '--upload' })],
    ['with a ref upwards', () => send({ ...payload, ref: 'refs/heads/../x' })],
    ['with a commit that is none', () => send({ ...payload, after: '-x' })],
    ['compressed', () => encoded('gzip', send(gzipSync(body)))],
    ['that says it is compressed', () => encoded('br', send())],
  ]
}

function ofTime({ provider, send }: Form): Forgery[] {
  const allowedMs = provider === 'gitee' ? 3_600_000 : 300_000
  const name = provider === 'gitee' ? 'x-gitee-timestamp' : 'webhook-timestamp'
  const at = (ms: number) => send(undefined, { at: new Date(Date.now() + ms) })
  const said = (value: string): Sent => {
    const sent = send()
    return { ...sent, headers: { ...sent.headers, [name]: value } }
  }
  const without = (): Sent => {
    const { headers, body } = send()
    const { [name]: _time, ...others } = headers
    return { headers: others, body }
  }
  const values = ['', '0', '-1', 'NaN', '1e12', ' ', '99999999999999999999', 'Infinity', '0x10']
  return [
    ['from long ago', () => at(-allowedMs - 60_000)],
    ['from the time to come', () => at(allowedMs + 60_000)],
    ['with another time', () => said(String(Date.now() + 1))],
    ['without a time', without],
    ...values.map((value): Forgery => [`with the time "${value}"`, () => said(value)]),
  ]
}

/** Standard Webhooks sign the delivery's id as well. */
function ofId({ send }: Form): Forgery[] {
  const said = (id: string): Sent => {
    const sent = send()
    return { ...sent, headers: { ...sent.headers, 'webhook-id': id } }
  }
  const ids = ['msg_2', '', 'MSG_1', 'msg_1.', 'msg_1 ,x', 'm'.repeat(257)]
  return ids.map((id) => [`with the id "${id.slice(0, 10)}"`, () => said(id)])
}
