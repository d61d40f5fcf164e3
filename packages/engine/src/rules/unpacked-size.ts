import { finding } from '../finding.ts'
import { unpackedSizeTexts } from '../texts/unpacked-size.ts'
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
    const hasDependencies = dependencies.length > 0
    const said = unpackedSizeTexts.large(bytes, limits.unpackedBytesMax, title, hasDependencies)
    return [finding('unpacked-size', over ? 'error' : 'warning', said)]
  },
}
