import type {
  Credential,
  CredentialKind,
  CredentialOf,
  CredentialQuery,
  CredentialView,
} from '@packline/shared'

/** A tenant's credentials, sealed. Calls throw SECRETS_LOCKED without the installation's key. */
export interface Credentials {
  /** Takes the place of another of that name. Throws CONFLICT where a tenant has too many. */
  put(tenant: string, name: string, credential: Credential): Promise<CredentialView>
  /** By name, never with what is secret. */
  list(tenant: string): Promise<CredentialView[]>
  /** Throws NOT_FOUND. */
  remove(tenant: string, name: string): Promise<void>
  /**
   * For a worker: the secret itself. Undefined where nothing fits; NOT_FOUND where the named one
   * is not there or is for something else.
   */
  open<K extends CredentialKind>(
    tenant: string,
    query: CredentialQuery<K>,
  ): Promise<CredentialOf<K> | undefined>
}
