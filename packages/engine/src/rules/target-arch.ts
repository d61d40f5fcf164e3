import type { Finding } from '@packline/shared'
import { finding } from '../finding.ts'
import { targetArchTexts } from '../texts/target-arch.ts'
import { andMore } from '../words.ts'
import { type NativeFile, nativeFiles } from './native-files.ts'
import { otherPlatforms } from './other-platforms.ts'
import type { Rule } from './rule.ts'

/** Native files must be Linux ELF for the package's architecture (package-rules.md part 2). */
export const targetArch: Rule = {
  id: 'target-arch',
  check: async ({ package: { archive }, request }) => {
    const wanted = `Linux ${request.architecture}`
    const files = await nativeFiles(archive)
    const others = otherPlatforms()
    for (const { path, runsOn } of files) if (runsOn === wanted) others.right(path)
    const foreign = files.filter(({ runsOn }) => runsOn !== wanted)
    const harmless = foreign.filter(({ path }) => others.isHarmless(path))
    const wrong = foreign.filter((file) => !harmless.includes(file))
    return [...wrong.map((file) => wrongFile(file, wanted)), ...unused(harmless)]
  },
}

function wrongFile({ path, runsOn }: NativeFile, wanted: string): Finding {
  return finding('target-arch', 'error', targetArchTexts.foreign(path, runsOn, wanted), { path })
}

/** One note for all: they cost room and nothing else. */
function unused(files: readonly NativeFile[]): Finding[] {
  const [first] = files
  if (!first) return []
  const { path, runsOn } = first
  const said = targetArchTexts.unused(path, runsOn, andMore(files.length - 1))
  return [finding('target-arch', 'note', said, { path })]
}
