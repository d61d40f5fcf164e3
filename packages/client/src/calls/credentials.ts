import type { Credential, CredentialView } from '@packline/shared'
import type { Connection } from '../connection.ts'
import { path, send } from './asked.ts'

export interface CredentialCalls {
  /** Takes the place of another of that name; what is secret is never answered. */
  putCredential(name: string, credential: Credential): Promise<CredentialView>
  credentials(): Promise<{ items: CredentialView[] }>
  removeCredential(name: string): Promise<{ removed: number }>
}

export function credentialCalls(server: Connection): CredentialCalls {
  const one = (name: string) => path`/v1/credentials/${name}`
  return {
    putCredential: (name, credential) => send(server, 'PUT', one(name), credential),
    credentials: () => server.json('/v1/credentials'),
    removeCredential: (name) => server.json(one(name), { method: 'DELETE' }),
  }
}
