import type { DeliveryView, HookProvider } from '@packline/shared'

/** A delivery as it came: nothing of its body has been looked at. */
export interface Received {
  header(name: string): string | undefined
  body: Buffer
  receivedAt: Date
}

/** How it was shown to come from who knows the secret. */
export interface Verified {
  /** The provider's id of the delivery, where the signature covers it. */
  covered?: string
}

/** What a verified payload says. */
export interface Told {
  event: DeliveryView['event']
  /** The provider's id of the delivery, covered or not. */
  name?: string
  ref?: string
  before?: string
  after?: string
  forced?: boolean
  created?: boolean
  deleted?: boolean
  /** All addresses that the payload gives its repository. */
  repositories: string[]
}

export interface Provider {
  /**
   * Whether it comes from who knows the secret, judged by the raw body alone, in constant time.
   * `signed`: a form that does not sign is not taken. Never throws.
   */
  verify(received: Received, secret: string, signed: boolean): Verified | undefined
  /** Only after `verify`: `payload` is the body as JSON, an object. Never throws. */
  read(received: Received, payload: Payload): Told
}

export type Payload = Readonly<Record<string, unknown>>
export type Providers = Readonly<Record<HookProvider, Provider>>
