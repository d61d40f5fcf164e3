import * as z from 'zod'

/** Rule ids, as in the platform's rules (docs/rules.md explains each). */
export const RULE_IDS = [
  'format',
  'source-or-package',
  'online-edit',
  'unpack-to-edit',
  'upload-size',
  'object-size',
  'unpacked-size',
  'package-size',
  'object-address',
  'secrets',
  'entry-at-root',
  'handler-form',
  'initializer',
  'handler-exists',
  'target-arch',
  'target-libc',
  'entry-names',
  'links',
  'file-modes',
  'configuration',
  'node-resolve',
  'python-resolve',
  'stdlib-shadow',
  'python-encoding',
  'java-jar',
  'java-missing-classes',
  'java-release',
  'go-plugin',
  'go-executable',
  'go-host',
  'bootstrap',
  'name-clash',
  'test-event',
  'dependency-package',
  'dependency-clash',
] as const
export type RuleId = (typeof RULE_IDS)[number]

/** error: nothing is published; warning and note: published and shown. */
export type FindingLevel = Finding['level']

/** Languages of what is told about packages; the first is what is told where nobody says which. */
export const LANGUAGES = ['en', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]

/** A text, or a part of one, in every language. */
export type Words = Readonly<Record<Language, string>>

/** What a rule says about a package. `message`: found and expected; `hint`: how to mend it. */
export const findingSchema = z
  .object({
    rule: z.enum(RULE_IDS),
    level: z.enum(['error', 'warning', 'note']),
    message: z.string(),
    hint: z.string(),
    zh: z.object({ message: z.string(), hint: z.string() }).describe('The same in Chinese.'),
    path: z.string().optional().describe('Inside the package.'),
    line: z.int().optional().describe('From 1.'),
    /** Added by `withPage` where findings leave the engine. */
    docs: z.string().optional().describe("Its rule's page: a path of this service."),
  })
  .meta({ id: 'Finding' })
export type Finding = z.output<typeof findingSchema>

/** A rule and what it says; a message may begin with a file that is called as its rule is. */
export function ruleAndMessage({ rule, message }: Pick<Finding, 'rule' | 'message'>): string {
  const isSaid = message.startsWith(`${rule}: `) || message.startsWith(`${rule}：`)
  return isSaid ? message : `${rule}: ${message}`
}

/** A finding with the page that explains its rule. */
export function withPage(finding: Finding): Finding {
  return { ...finding, docs: rulePage(finding.rule, 'en') }
}

/** The rules that have said something, each once. */
export function rulesOf(findings: readonly Pick<Finding, 'rule'>[]): RuleId[] {
  return [...new Set(findings.map(({ rule }) => rule))]
}

const PAGES: Words = { en: '/docs/rules', zh: '/docs/rules.zh' }

/** Where a rule is explained, with what to do: a path of the API. */
export function rulePage(rule: RuleId, language: Language): string {
  return `${PAGES[language]}#${rule}`
}

/**
 * proved: loaded by the runtime it is for; checked: loaded, but by another version or architecture;
 * not-loaded: nothing loaded it, or the load failed under another version.
 */
export type Verdict = VerdictReason['verdict']

export const verdictReasonSchema = z
  .object({
    verdict: z.enum(['proved', 'checked', 'not-loaded']),
    because: z
      .string()
      .describe('Why it is not better, such as "loaded by Node.js 24, the request says 20".'),
    zh: z.object({ because: z.string() }).optional().describe('The same in Chinese.'),
  })
  .meta({ id: 'Verdict' })
export type VerdictReason = z.output<typeof verdictReasonSchema>
