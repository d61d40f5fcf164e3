import { randomBytes } from 'node:crypto'
import { newKeys } from '../../harness/ssh-git-server.ts'

/** A secret that was put into one place, which no other has. */
export interface Canary {
  place: string
  value: string
  /** Where it has to be in clear, by the names of `harness/kept.ts`; a secret is nowhere. */
  at: readonly RegExp[]
}

/** Where a source's content has to be: with the build that was asked for, and in the package. */
export const OF_REQUEST = [/^store builds\//]
export const OF_PACKAGE = [/^store packages\//, /^store uploads\//, /^store functions\//]

/** Makes them, and remembers which. */
export function canaries() {
  const all: Canary[] = []
  const add = (place: string, value: string, at: readonly RegExp[] = []) => {
    if (all.some((one) => one.place === place)) throw new Error(`${place} has one`)
    all.push({ place, value, at })
    return value
  }
  const made = () => `canary${randomBytes(12).toString('hex')}`
  return {
    all,
    known: add,
    secret: (place: string) => add(place, made()),
    content: (place: string, at: readonly RegExp[]) => add(place, made(), at),
    /** As Standard Webhooks write one. */
    signing: (place: string) => {
      return `whsec_${add(place, Buffer.from(made()).toString('base64'))}`
    },
    /** A private key, of which each line is one. */
    key: (place: string) => {
      const { private: key } = newKeys()
      add(place, key.split('\n')[3] ?? '')
      return key
    },
  }
}

export type Canaries = ReturnType<typeof canaries>

/** As it is, and what of it any base64 or hexadecimal text around it would have. */
export function formsOf({ value }: Canary): string[] {
  const inBase64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
      .toString('base64')
      .slice(4, -4),
  )
  return [value, ...inBase64, Buffer.from(value).toString('hex')]
}
