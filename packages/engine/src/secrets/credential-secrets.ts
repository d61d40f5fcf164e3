import type { Credential } from '@packline/shared'

/** Shorter lines of a key are what is left over of it. */
const KEY_LINE_CHARS_MIN = 17

/** What of a credential no tool may tell, as tools print it: a private key line by line. */
export function credentialSecrets(credential: Credential): string[] {
  switch (credential.kind) {
    case 'git-token':
      return [credential.token, basicOf(credential)]
    case 'git-key':
      return credential.privateKey
        .split(/\r?\n/)
        .filter((line) => line.length >= KEY_LINE_CHARS_MIN && !line.startsWith('-----'))
    case 'object':
      return [credential.secretAccessKey]
  }
}

/** As a header has it. Servers that ask for no name take any. */
export function basicOf({
  username = 'x-access-token',
  token,
}: {
  username?: string
  token: string
}): string {
  return Buffer.from(`${username}:${token}`).toString('base64')
}
