import type { Finding } from '@packline/shared'
import type { Rule } from './rule.ts'

/**
 * At most 1.5 GB unpacked, dependency packages with it; of one package the gate refuses more, this
 * warns before (numbers: the profile).
 */
export const unpackedSize: Rule = {
  id: 'unpacked-size',
  check: ({ package: { file }, dependencies, profile: { limits, title } }) => {
    const bytes = dependencies.reduce(
      (sum, { archive }) => sum + archive.unpackedSize,
      file.unpackedSize,
    )
    if (bytes < limits.unpackedWarnBytes) return []
    const over = bytes > limits.unpackedBytesMax
    const what =
      dependencies.length > 0 ? 'the package and its dependency packages have' : 'the package has'
    const finding: Finding = {
      rule: 'unpacked-size',
      level: over ? 'error' : 'warning',
      message: `unpacked ${what} ${bytes} bytes; ${title} takes at most ${limits.unpackedBytesMax}`,
      hint: 'Leave out what the function does not need at run time.',
    }
    return [finding]
  },
}
