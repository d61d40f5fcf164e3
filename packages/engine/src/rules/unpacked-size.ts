import type { Finding } from '@packline/shared'
import type { Rule } from './rule.ts'

/** At most 1.5 GB unpacked; the gate refuses more, this warns before (numbers: the profile). */
export const unpackedSize: Rule = {
  id: 'unpacked-size',
  check: ({ package: { file }, profile: { limits, title } }) => {
    if (file.unpackedSize < limits.unpackedWarnBytes) return []
    const over = file.unpackedSize > limits.unpackedBytesMax
    const finding: Finding = {
      rule: 'unpacked-size',
      level: over ? 'error' : 'warning',
      message: `unpacked the package has ${file.unpackedSize} bytes; ${title} takes at most ${limits.unpackedBytesMax}`,
      hint: 'Leave out what the function does not need at run time.',
    }
    return [finding]
  },
}
