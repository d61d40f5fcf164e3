import { type FailureWords, failed, type PacklineError } from '@packline/shared'

/** MANIFEST_INVALID with the place of the mistake. */
export function invalid(
  { file, line }: { file: string; line?: number },
  { detail, hint }: FailureWords,
): PacklineError {
  const [en, zh] =
    line === undefined ? [file, file] : [`${file}, line ${line}`, `${file} 第 ${line} 行`]
  const placed = { en: `${en}: ${detail.en}`, zh: `${zh}：${detail.zh}` }
  return failed('MANIFEST_INVALID', { detail: placed, hint })
}
