import { failed, type PacklineError } from '@packline/shared'
import { noSuch } from '../texts/no-such.ts'

/** What is not there is nobody's: nobody learns which names another tenant has. */
export function noFunction(name: string): PacklineError {
  return failed('NOT_FOUND', noSuch.function(name.slice(0, 128)))
}

export function noPackage(name: string, which: number | string): PacklineError {
  return failed('NOT_FOUND', noSuch.package(name, which))
}
