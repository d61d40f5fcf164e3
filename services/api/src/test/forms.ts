import type { HookProvider } from '@packline/shared'
import { SECRET, type Sent, signed } from './payloads.ts'

type Signing = Parameters<typeof signed>[2]

/** A way in which a git server shows who it is. */
export interface Form {
  provider: HookProvider
  /** Where the signature stands, or the token. */
  header: string
  /** What a signature covers; of a token nothing. */
  covers: readonly ('body' | 'time' | 'id')[]
  /** The hook takes signatures alone. */
  isStrict: boolean
  /** How the right one sends it. */
  send(payload?: unknown, signing?: Signing): Sent
}

/** Every form that a hook can be asked for in. */
export const FORMS = {
  GitHub: form('github', 'x-hub-signature-256', ['body']),
  'GitLab, signed': form('gitlab', 'webhook-signature', ['body', 'time', 'id']),
  'GitLab, by token': token('gitlab', 'x-gitlab-token'),
  Gitea: form('gitea', 'x-gitea-signature', ['body']),
  Forgejo: forgejo(),
  'Gitee, signed': form('gitee', 'x-gitee-token', ['time']),
  'Gitee, by password': token('gitee', 'x-gitee-token'),
  generic: form('generic', 'webhook-signature', ['body', 'time', 'id']),
} satisfies Record<string, Form>

function form(provider: HookProvider, header: string, covers: Form['covers']): Form {
  return {
    provider,
    header,
    covers,
    isStrict: true,
    send: (payload, signing) => signed(provider, payload, signing),
  }
}

/** The secret itself is sent. */
function token(provider: HookProvider, header: string): Form {
  return {
    ...form(provider, header, []),
    isStrict: false,
    send: (payload, signing) => {
      const { headers, body } = signed(provider, payload, signing)
      const others = Object.entries(headers).filter(([name]) => !SIGNING.test(name))
      const secret = signing?.secret ?? SECRET
      return { headers: { ...Object.fromEntries(others), [header]: secret }, body }
    },
  }
}

const SIGNING = /^webhook-|token$|timestamp$/

/** As Gitea, in headers of its own. */
function forgejo(): Form {
  return {
    ...form('gitea', 'x-forgejo-signature', ['body']),
    send: (payload, signing) => {
      const { headers, body } = signed('gitea', payload, signing)
      const own = Object.entries(headers).map(([name, value]) => {
        return [name.replace('x-gitea-', 'x-forgejo-'), value]
      })
      return { headers: Object.fromEntries(own), body }
    },
  }
}
