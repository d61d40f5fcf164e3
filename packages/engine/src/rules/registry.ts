import { bootstrap } from './bootstrap.ts'
import { dependencyClash } from './dependency-clash.ts'
import { dependencyPackage } from './dependency-package.ts'
import { entryAtRoot } from './entry-at-root.ts'
import { fileModes } from './file-modes.ts'
import { links } from './links.ts'
import { packageSize } from './package-size.ts'
import type { Rule } from './rule.ts'
import { secrets } from './secrets.ts'
import { targetArch } from './target-arch.ts'
import { targetLibc } from './target-libc.ts'
import { unpackedSize } from './unpacked-size.ts'

/**
 * The checks of a finished package that hold for every runtime, in the order they are told.
 * format, entry-names and links are the archive gate's; handler-form and initializer are held at
 * the edge, before a job exists (shared/resolve.ts).
 */
export const RULES: readonly Rule[] = [
  entryAtRoot,
  bootstrap,
  fileModes,
  links,
  targetArch,
  targetLibc,
  unpackedSize,
  packageSize,
  dependencyPackage,
  dependencyClash,
  secrets,
]
