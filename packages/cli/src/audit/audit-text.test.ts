import { expect, test } from 'vitest'
import { type AuditRow, auditText } from './audit-text.ts'

const FINE: AuditRow = {
  package: 'a.zip',
  runtime: 'nodejs 20.15',
  verdict: { verdict: 'not-loaded', because: 'the request turned the load check off' },
  findings: [],
}
const WARNED: AuditRow = {
  ...FINE,
  package: 'b.zip',
  findings: [
    { rule: 'links', level: 'warning', message: 'it leads\nto nothing' },
    { rule: 'secrets', level: 'warning', message: 'a key' },
    { rule: 'links', level: 'warning', message: 'another' },
  ],
}
const REFUSED: AuditRow = {
  package: 'lib/c.zip',
  findings: [],
  failure: { code: 'ARCHIVE_REFUSED', title: 'x', detail: 'two entries, one "name"' },
}
const FAILING: AuditRow = {
  ...FINE,
  package: '=d.zip',
  findings: [
    { rule: 'secrets', level: 'note', message: 'much text' },
    { rule: 'entry-at-root', level: 'error', message: 'all lies in "app"' },
  ],
  failure: { code: 'VALIDATION_FAILED', title: 'x', detail: 'y' },
}

test('a table has a row per package, and says what would fail and where rules are explained', () => {
  expect(auditText([FINE, WARNED, REFUSED, FAILING], 'table').split('\n')).toEqual([
    'package    runtime       verdict     errors  warnings  notes  what was found',
    'a.zip      nodejs 20.15  not loaded  0       0         0',
    'b.zip      nodejs 20.15  not loaded  0       3         0      links: it leads to nothing; also secrets',
    'lib/c.zip                fails       0       0         0      ARCHIVE_REFUSED: two entries, one "name"',
    '=d.zip     nodejs 20.15  fails       1       0         1      entry-at-root: all lies in "app"; also secrets',
    '',
    '4 packages: 2 would fail, 1 with warnings',
    'rules     docs/rules.md#links',
    '          docs/rules.md#secrets',
    '          docs/rules.md#entry-at-root',
  ])
})

test('CSV is quoted as RFC 4180 has it, and no cell is a formula', () => {
  expect(auditText([REFUSED, FAILING], 'csv').split('\r\n')).toEqual([
    'package,runtime,verdict,errors,warnings,notes,what was found',
    'lib/c.zip,,fails,0,0,0,"ARCHIVE_REFUSED: two entries, one ""name"""',
    `'=d.zip,nodejs 20.15,fails,1,0,1,"entry-at-root: all lies in ""app""; also secrets"`,
  ])
})

test('JSON has everything', () => {
  expect(JSON.parse(auditText([WARNED, REFUSED], 'json'))).toEqual([WARNED, REFUSED])
})
