import { PacklineError } from '@packline/shared'

/** A manifest's fault at its place: the caller's to mend. */
export function invalid(
  { file, line }: { file: string; line?: number },
  what: string,
  hint: string,
): PacklineError {
  const place = line === undefined ? file : `${file}, line ${line}`
  return new PacklineError('MANIFEST_INVALID', `${place}: ${what}`, { hint })
}
