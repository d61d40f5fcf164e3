/** Types that Linux neither loads nor starts, whatever is in them: they do no harm. */
const NEVER_LOADED = /\.(dll|exe|pyd|dylib)$/i

/** Words for systems, processors and libraries of C in the names of native files and folders. */
const PLATFORM_WORD = new RegExp(
  `(?<![a-z])(${[
    'linux|linuxmusl|linuxglibc|win32|windows|win|darwin|macosx?|osx|mac|apple|android|freebsd',
    'openbsd|sunos|aix|x64|x86_64|x86|amd64|ia32|i686|arm64|aarch64|armv\\d\\w*|arm|riscv64',
    'ppc64(?:le)?|s390x|loong64|universal2?|gnu|gnueabihf|glibc|musl|musleabihf|msvc|unknown|pc',
  ].join('|')})(?![a-z])`,
  'gi',
)

/** Whether a native file for elsewhere may lie in a package that works here. */
export interface OtherPlatforms {
  /** A file of the right kind was found. */
  right(path: string): void
  /** Asked when all files are known. */
  isHarmless(path: string): boolean
}

/**
 * Libraries bring their native files for many systems side by side (prebuilds/darwin-x64,
 * prebuilds/linux-x64) and take the fitting one when they are loaded; setuptools brings launchers
 * for Windows. Such a package is right. One that has a file for elsewhere only is not.
 */
export function otherPlatforms(): OtherPlatforms {
  const families = new Set<string>()
  return {
    right: (path) => {
      families.add(familyOf(path))
    },
    isHarmless: (path) => {
      if (NEVER_LOADED.test(path)) return true
      const family = familyOf(path)
      return family !== withoutSeparators(path) && families.has(family)
    },
  }
}

/** The path without what names a platform: equal for files of which one is taken. */
function familyOf(path: string): string {
  return withoutSeparators(path.replace(PLATFORM_WORD, ''))
}

function withoutSeparators(path: string): string {
  return path.replace(/[-_.+@]+/g, '').toLowerCase()
}
