import type { Finding } from '@packline/shared'
import type { Rule } from './rule.ts'

const MEBIBYTE = 1024 * 1024

/** Over 50 MB only from object storage, over 300 MB not at all (numbers: the profile). */
export const packageSize: Rule = {
  id: 'package-size',
  check: ({ package: { file, archive }, profile: { limits, title } }) => {
    const { directDeployBytesMax, packageBytesMax } = limits
    if (file.size <= directDeployBytesMax) return []
    const tooLarge = file.size > packageBytesMax
    const finding: Finding = {
      rule: 'package-size',
      level: tooLarge ? 'error' : 'note',
      message: tooLarge
        ? `the package has ${mebibytes(file.size)}; ${title} takes at most ${mebibytes(packageBytesMax)}. ${largest(archive.entries)}`
        : `the package has ${mebibytes(file.size)}: over ${mebibytes(directDeployBytesMax)} it can only be deployed from object storage. ${largest(archive.entries)}`,
      hint: tooLarge
        ? 'Leave out what the function does not need, or move libraries to dependency packages.'
        : 'Deploy it by the address in the result.',
    }
    return [finding]
  },
}

function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`
}

function largest(entries: readonly { path: string; compressedSize: number }[]): string {
  const rows = entries.toSorted((a, b) => b.compressedSize - a.compressedSize).slice(0, 20)
  return `Largest: ${rows.map((row) => `${row.path} (${mebibytes(row.compressedSize)})`).join(', ')}`
}
