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
export type FindingLevel = 'error' | 'warning' | 'note'

/** What a rule says about a package. `message`: found and expected; `hint`: how to mend it. */
export interface Finding {
  rule: RuleId
  level: FindingLevel
  message: string
  hint?: string
  /** Path inside the package. */
  path?: string
  /** 1-based. */
  line?: number
  /** Its rule's page; added by `withPage` where findings leave the engine. */
  docs?: string
}

/** A finding with the page that explains its rule; docs/rules.zh.md has the same in Chinese. */
export function withPage(finding: Finding): Finding {
  return { ...finding, docs: rulePage(finding.rule) }
}

/** The pages of all that rules have said, each once. */
export function rulePages(findings: readonly { rule: RuleId }[]): string[] {
  return [...new Set(findings.map(({ rule }) => rulePage(rule)))]
}

function rulePage(rule: RuleId): string {
  return `docs/rules.md#${rule}`
}

/**
 * proved: loaded by the runtime it is for; checked: loaded, but by another version or architecture;
 * not-loaded: nothing loaded it, or the load failed under another version.
 */
export type Verdict = 'proved' | 'checked' | 'not-loaded'

export interface VerdictReason {
  verdict: Verdict
  /** Why it is not better, such as "loaded by Node.js 24, the request says 20". */
  because: string
}
