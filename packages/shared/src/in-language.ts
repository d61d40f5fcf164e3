import type { DeliveryView } from './delivery.ts'
import type { BuildEvent } from './event.ts'
import { FAILURES, type Failure } from './failure.ts'
import { FAILURES_ZH } from './failure-zh.ts'
import { type Finding, type Language, rulePage, type VerdictReason } from './finding.ts'
import type { BatchView } from './record.ts'
import type { TestReport } from './report.ts'

/** What of a report is told in the reader's language. */
interface Told {
  verdict: VerdictReason
  findings: Finding[]
  test?: TestReport
  zh?: { asBecause?: string; mended: string[] }
}

/** A report as its reader is to see it: texts and pages in one language, all else as it was. */
export function reportInLanguage<Report extends Told>(report: Report, language: Language): Report {
  if (language === 'en') return report
  const { verdict, findings, test, zh } = report
  return {
    ...report,
    ...zh,
    verdict: { ...verdict, ...verdict[language] },
    findings: findingsInLanguage(findings, language),
    ...(test && { test: { ...test, ...test[language] } }),
  }
}

/** A failure with its texts and the findings that refused the package in one language. */
export function failureInLanguage(failure: Failure, language: Language): Failure {
  const { findings } = failure
  if (language === 'en') return failure
  const told = { ...failure, ...wordsInLanguage(failure, language) }
  return findings ? { ...told, findings: findingsInLanguage(findings, language) } : told
}

/** A build as its reader is to see it. */
export function buildInLanguage<
  Build extends { verdict?: VerdictReason; failure?: Failure; zh?: object },
>(build: Build, language: Language): Build {
  const { verdict, failure } = build
  if (language === 'en') return build
  return {
    ...toldInLanguage(build, language),
    ...(verdict && { verdict: { ...verdict, ...verdict[language] } }),
    ...(failure && { failure: failureInLanguage(failure, language) }),
  }
}

/**
 * Of what is told in English alone (our own mistakes, records that are older than their Chinese
 * texts) the detail stays, and a hint that was given for this case alone stands behind the table's.
 */
export function wordsInLanguage(
  { code, title, detail, hint, zh }: Omit<Failure, 'blame'>,
  language: Language,
): Pick<Failure, 'title' | 'detail' | 'hint'> {
  if (language === 'en') return { title, detail, hint }
  const told = FAILURES_ZH[code]
  if (zh) return { title: told.title, detail: zh.detail, hint: zh.hint ?? told.hint }
  const isOwn = hint !== undefined && hint !== FAILURES[code].hint
  return { title: told.title, detail, hint: isOwn ? `${told.hint}（${hint}）` : told.hint }
}

/** An event of a build as its reader is to see it. */
export function eventInLanguage(event: BuildEvent, language: Language): BuildEvent {
  switch (event.type) {
    case 'waiting':
    case 'warning':
      return toldInLanguage(event, language)
    case 'failed':
    case 'requeued':
    case 'succeeded':
      return buildInLanguage(event, language)
    default:
      return event
  }
}

/** A batch as its reader is to see it. */
export function batchInLanguage(batch: BatchView, language: Language): BatchView {
  const { repository } = batch
  const told = buildInLanguage(batch, language)
  return repository ? { ...told, repository: toldInLanguage(repository, language) } : told
}

/** What came of a delivery as its reader is to see it. */
export function deliveryInLanguage(delivery: DeliveryView, language: Language): DeliveryView {
  if (language === 'en') return delivery
  const { unfit } = delivery
  const told = buildInLanguage(delivery, language)
  return unfit ? { ...told, unfit: unfit.map((one) => toldInLanguage(one, language)) } : told
}

/** Whatever has its texts in Chinese beside it; what was kept without stays as it is. */
export function toldInLanguage<T extends { zh?: object | undefined }>(
  told: T,
  language: Language,
): T {
  return language === 'en' ? told : { ...told, ...told[language] }
}

/** Those of reports that are older than their Chinese texts stay as they are. */
export function findingsInLanguage(findings: readonly Finding[], language: Language): Finding[] {
  if (language === 'en') return [...findings]
  return findings.map((finding) => ({
    ...finding,
    ...finding[language],
    docs: rulePage(finding.rule, language),
  }))
}
