import type { Finding } from '@packline/shared'
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
  return {
    rule: 'target-arch',
    level: 'error',
    message: `${path} is built for ${runsOn}; the function runs on ${wanted}`,
    hint: "Build or install it for the function's architecture, or leave it out.",
    path,
  }
}

/** One note for all: they cost room and nothing else. */
function unused(files: readonly NativeFile[]): Finding[] {
  const [first] = files
  if (!first) return []
  const more = files.length > 1 ? ` and ${files.length - 1} more` : ''
  return [
    {
      rule: 'target-arch',
      level: 'note',
      message: `${first.path} (${first.runsOn})${more} can not run on the platform and will not be loaded`,
      hint: 'Leave them out to make the package smaller.',
      path: first.path,
    },
  ]
}
