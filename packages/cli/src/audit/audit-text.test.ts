import type { Finding, FindingLevel, RuleId } from '@packline/shared'
import { expect, test } from 'vitest'
import { type AuditRow, auditText, wouldFail } from './audit-text.ts'

/** A finding with nothing to mend it by. */
function found(rule: RuleId, level: FindingLevel, message: string, zh = message): Finding {
  return { rule, level, message, hint: '', zh: { message: zh, hint: '' } }
}

const FINE: AuditRow = {
  package: 'a.zip',
  runtime: 'nodejs 20.15',
  handler: 'index.handler',
  verdict: { verdict: 'not-loaded', because: 'the request turned the load check off' },
  findings: [],
}
const WARNED: AuditRow = {
  ...FINE,
  package: 'b.zip',
  findings: [
    found('links', 'warning', 'it leads\nto nothing', '它没有\n目标'),
    found('secrets', 'warning', 'a key'),
    found('links', 'warning', 'another'),
  ],
}
const REFUSED: AuditRow = {
  package: 'lib/c.zip',
  findings: [],
  failure: {
    code: 'ARCHIVE_REFUSED',
    blame: 'caller',
    title: 'x',
    detail: 'two entries, one "name"',
  },
}
const UNTOLD: AuditRow = {
  package: 'who.zip',
  findings: [],
  failure: {
    code: 'RUNTIME_NOT_DETECTED',
    blame: 'caller',
    title: 'x',
    detail: 'it could be two',
    hint: 'Say which.',
    zh: { detail: '可能是两种', hint: '请写明。' },
  },
}
const FAILING: AuditRow = {
  ...FINE,
  package: '=d.zip',
  findings: [
    found('secrets', 'note', 'much text'),
    found('entry-at-root', 'error', 'all lies in "app"', '所有内容都在 "app" 里'),
  ],
  failure: { code: 'VALIDATION_FAILED', blame: 'caller', title: 'x', detail: 'y' },
}

test('a table has a row per package, and says what would fail and where rules are explained', () => {
  const rows = [FINE, WARNED, REFUSED, UNTOLD, FAILING]
  expect(rows.filter(wouldFail)).toEqual([REFUSED, FAILING])
  expect(auditText(rows, 'table', 'en').split('\n')).toEqual([
    'package    runtime       handler        verdict     errors  warnings  notes  what was found',
    'a.zip      nodejs 20.15  index.handler  not loaded  0       0         0',
    'b.zip      nodejs 20.15  index.handler  not loaded  0       3         0      links: it leads to nothing; also secrets',
    'lib/c.zip                               fails       0       0         0      ARCHIVE_REFUSED: two entries, one "name"',
    'who.zip                                 not told    0       0         0      RUNTIME_NOT_DETECTED: it could be two',
    '=d.zip     nodejs 20.15  index.handler  fails       1       0         1      entry-at-root: all lies in "app"; also secrets',
    '',
    '5 packages: 2 would fail, 1 with warnings, 1 not told',
    'mend      Say which.',
    'more      packline explain links secrets entry-at-root',
  ])
})

test('a file that is called as its rule is said once', () => {
  const findings = [found('bootstrap', 'error', 'bootstrap: it is empty')]
  expect(auditText([{ ...FAILING, findings }], 'csv', 'en')).toContain(',bootstrap: it is empty')
})

test('what stands in options alone makes nothing fail, and is said once with how to mend it', () => {
  const hint = 'List the package in packline.yaml.'
  const zh = { detail: '缺少 handler', hint: '请写明。' }
  const unnamed: AuditRow = {
    package: 'fn.jar',
    runtime: 'java 17',
    findings: [found('links', 'warning', 'it leads to nothing')],
    failure: { code: 'HANDLER_FORM', blame: 'caller', title: 'x', detail: 'none', hint, zh },
  }
  const codes = ['UNKNOWN_VERSION', 'INVALID_REQUEST'] as const
  const others = codes.map((code): AuditRow => {
    const failure = { code, blame: 'caller', title: 'x', detail: 'y', hint } as const
    return { package: code, findings: [], failure }
  })
  const rows = [unnamed, ...others]
  expect(rows.filter(wouldFail)).toEqual([])
  const lines = auditText(rows, 'table', 'en').split('\n')
  expect(lines[1]).toMatch(/^fn\.jar +java 17 +not told +0 +1 +0 +HANDLER_FORM: none; also links$/)
  expect(lines.slice(4)).toEqual([
    '',
    '3 packages: 0 would fail, 0 with warnings, 3 not told',
    `mend      ${hint}`,
    'more      packline explain links',
  ])
  expect(auditText([unnamed], 'table', 'zh')).toContain('\nmend      请写明。')
})

test('a runtime that the platform has not fails', () => {
  const failure = { code: 'UNKNOWN_RUNTIME', blame: 'caller', title: 'x', detail: 'y' } as const
  expect(wouldFail({ package: 'a.zip', findings: [], failure })).toBe(true)
})

test('in Chinese, what was found is told in Chinese as far as there are words', () => {
  const lines = auditText([WARNED, REFUSED, FAILING], 'csv', 'zh').split('\r\n')
  expect(lines.map((line) => line.split(',').slice(7).join())).toEqual([
    'what was found',
    'links: 它没有 目标；另有 secrets',
    expect.stringMatching(/^"ARCHIVE_REFUSED: [^a-z]+（two entries, one ""name""）"$/),
    '"entry-at-root: 所有内容都在 ""app"" 里；另有 secrets"',
  ])
})

test('a Chinese table has its words in Chinese', () => {
  expect(auditText([FINE, UNTOLD, FAILING], 'table', 'zh').split('\n')).toEqual([
    '部署包   运行时        执行入口       结论        错误  警告  提示  发现的问题',
    'a.zip    nodejs 20.15  index.handler  not loaded  0     0     0',
    expect.stringMatching(/^who\.zip {31}无法判断 {4}0 {5}0 {5}0 {5}RUNTIME_NOT_DETECTED: /),
    expect.stringMatching(
      /^=d\.zip +nodejs 20\.15 +index\.handler +不可用 +1 +0 +1 +entry-at-root: /,
    ),
    '',
    '共 3 个部署包：1 个不可用，0 个有警告，1 个无法判断',
    'mend      请写明。',
    'more      packline explain secrets entry-at-root',
  ])
})

test('CSV is quoted as RFC 4180 has it, and no cell is a formula', () => {
  expect(auditText([REFUSED, FAILING], 'csv', 'en').split('\r\n')).toEqual([
    'package,runtime,handler,verdict,errors,warnings,notes,what was found',
    'lib/c.zip,,,fails,0,0,0,"ARCHIVE_REFUSED: two entries, one ""name"""',
    `'=d.zip,nodejs 20.15,index.handler,fails,1,0,1,"entry-at-root: all lies in ""app""; also secrets"`,
  ])
})

test('JSON has everything', () => {
  expect(JSON.parse(auditText([WARNED, REFUSED], 'json', 'zh'))).toEqual([WARNED, REFUSED])
})
