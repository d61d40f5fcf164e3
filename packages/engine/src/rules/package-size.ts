import { finding } from '../finding.ts'
import { packageSizeTexts } from '../texts/package-size.ts'
import type { Rule } from './rule.ts'

const MEBIBYTE = 1024 * 1024

/** Over 50 MB only from object storage, over 300 MB not at all (numbers: the profile). */
export const packageSize: Rule = {
  id: 'package-size',
  check: ({ package: { file, archive }, profile: { limits, title } }) => {
    const { directDeployBytesMax, packageBytesMax } = limits
    if (file.size <= directDeployBytesMax) return []
    const size = mebibytes(file.size)
    const rows = largest(archive.entries)
    if (file.size > packageBytesMax) {
      const most = mebibytes(packageBytesMax)
      const said = packageSizeTexts.tooLarge(size, most, title, rows)
      return [finding('package-size', 'error', said)]
    }
    const said = packageSizeTexts.notDirect(size, mebibytes(directDeployBytesMax), rows)
    return [finding('package-size', 'note', said)]
  },
}

function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`
}

function largest(entries: readonly { path: string; compressedSize: number }[]): string {
  const rows = entries.toSorted((a, b) => b.compressedSize - a.compressedSize).slice(0, 20)
  return rows.map((row) => `${row.path} (${mebibytes(row.compressedSize)})`).join(', ')
}
