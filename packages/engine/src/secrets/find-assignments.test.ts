import { expect, test } from 'vitest'
import { findAssignments, mayHoldSecret, namesSecret } from './find-assignments.ts'

test.each([
  ['index.js', 'const password = "s3cr3t-Pa55"'],
  ['index.js', "  dbPassword: 's3cr3t-Pa55',"],
  ['index.py', 'API_KEY = "a8f5f167f44f4964e6c998de"'],
  ['config.json', '"secretKey": "a8f5f167f44f4964e6c998de"'],
  ['hello.go', 'accessToken := "a8f5f167f44f4964e6c998de"'],
  ['.env', 'DB_PASSWORD=s3cr3t-Pa55'],
  ['app.properties', 'spring.datasource.password=s3cr3t-Pa55'],
  ['conf/app.yml', '  api-key: s3cr3t-Pa55'],
  ['.env', 'DB_PASS=s3cr3t-Pa55'],
  ['.env', 'MYSQL_PWD=s3cr3t-Pa55'],
  ['index.js', 'const dbPass = "s3cr3t-Pa55"'],
  ['index.py', 'GITHUB_PAT = "s3cr3t-Pa55"'],
])('%s: %s is found', (path, line) => {
  expect(findAssignments(path, `first\n${line}\n`)).toEqual([{ line: 2, kind: 'password' }])
})

test.each([
  ['index.js', 'const password = process.env.DB_PASSWORD1'],
  ['index.js', 'const { password } = JSON.parse(text1)'],
  ['index.js', 'password: "password"'],
  ['index.js', 'const passwordField = "user_password_2"'],
  ['index.js', 'const apiKey = "YOUR_API_KEY_123"'],
  ['index.js', 'secretKey: "#{SECRET_KEY_1}"'],
  ['index.py', 'password = get_password1()'],
  ['index.py', 'secret = "https://vault/v1/a1"'],
  ['app.yml', 'password: ENC(a8f5f167f44f4964e6)'],
  ['app.yml', 'password: {{ .Values.password1 }}'],
  ['index.js', 'password=s3cr3t-Pa55'],
  ['.env', 'PATH=s3cr3t-Pa55'],
  ['.env', 'PWD=s3cr3t-Pa55'],
  ['.env', 'OLD_PWD=s3cr3t-Pa55'],
  ['index.js', 'const COMPASS = "s3cr3t-Pa55"'],
  ['index.js', 'const DB_PATTERN = "s3cr3t-Pa55"'],
  ['index.js', 'const userPassenger = "s3cr3t-Pa55"'],
  ['index.js', 'const renderPass = "shadow_pass_1"'],
  ['index.py', 'low_pass = "butter-1000"'],
  ['index.py', 'digit_pat = "[0-9]{4}-[0-9]{2}"'],
  ['index.py', 'DATE_PAT = "[0-9]{4}-[0-9]{2}"'],
  ['bundle.js', `${'x'.repeat(3000)};password="s3cr3t-Pa55"`],
])('%s: %s is silent', (path, line) => {
  expect(findAssignments(path, line)).toEqual([])
})

test.each([
  ...['PASS', 'DB_PASS', 'db-pass', 'spring.mail.pass', 'dbPass', '--pass', '-Dpass', '-Pdb.pass'],
  ...['DB_PWD', 'mysqlPwd', 'Pwd', 'PAT', 'GITHUB_PAT', 'githubPat', '--pat', 'npm_token'],
])('on a command line %s names a secret', (name) => {
  expect(namesSecret(name)).toBe(true)
})

test.each([
  ...['PATH', 'GOPATH', 'PATTERN', 'FILE_PATTERN', 'COMPASS', 'BYPASS', 'PASSENGER', 'PASS_COUNT'],
  ...['OLDPWD', 'SPAT', 'compat', 'PATCH', 'PWD_FILE', 'passive', '-DCOMPASS'],
])('on a command line %s names none', (name) => {
  expect(namesSecret(name)).toBe(false)
})

test('a line that is marked as right is silent', () => {
  const line = 'password = "s3cr3t-Pa55"'
  const text = `${line} // secretlint-disable-line\n# secretlint-disable-next-line\n${line}\n${line}`
  expect(findAssignments('a.js', text)).toEqual([{ line: 4, kind: 'password' }])
})

test.each([
  ['exports.handler = async () => 42\n', false],
  ['def handler(event, context):\n    return 1\n', false],
  ['-----BEGIN PRIVATE', true],
  ['AKIA0123456789ABCDEF', true],
  ['mysql://a:b@c', true],
  ['PASSWORD', true],
  ['DB_PASS', true],
  ['GITHUB_PAT', true],
  ['the compass of a passenger', false],
  ['const { queryStringParameters } = event; type = "application/json"', false],
  ["'sk-proj-abcdefgHIjklmnop'", true],
  ['ABCDEFGHIJKLMNOP', true],
  ['a8f5f167f4', true],
])('%j is worth a scan: %s', (text, is) => {
  expect(mayHoldSecret(text)).toBe(is)
})

test('long lines of one character take no time', () => {
  const startedAt = performance.now()
  for (const char of ['a', ' ', '"', '-', 'secret', '=']) {
    findAssignments('.env', `${char.repeat(1999 / char.length)}\n`.repeat(100))
  }
  expect(performance.now() - startedAt).toBeLessThan(2000)
})
