import type { Finding } from '@packline/shared'
import { finding } from '../finding.ts'
import { mayHoldSecret } from '../secrets/find-assignments.ts'
import { scanTexts, type TextFile } from '../secrets/scanner.ts'
import { secretsTexts } from '../texts/secrets.ts'
import { andMore } from '../words.ts'
import { type OwnFile, ownFiles } from './own-files.ts'
import type { Rule } from './rule.ts'

/** Larger texts are data or bundles; all of a package's are bounded, as is the time. */
const FILE_BYTES_MAX = 4 * 1024 * 1024
const BYTES_MAX = 16 * 1024 * 1024
const SCAN_MS_MAX = 10_000

/** Never text, whatever is in them: not unpacked to find out. */
const NO_TEXT =
  /\.(jar|zip|gz|tgz|bz2|xz|7z|class|pyc|so|node|wasm|dll|exe|a|o|png|jpe?g|gif|webp|ico|pdf|p12|pfx|jks|keystore|woff2?|ttf|otf|eot|mp[34]|onnx|pb|bin|db|sqlite|parquet|npy)$/i
/** Told where it is too large to be searched; of any other file nobody knows that it is text. */
const TEXT = /\.([cm]?js|py|json|ya?ml|properties|xml|toml|ini|sh|txt|env)$/i
const ENVIRONMENT_FILE = /(^|\/)\.env(\.[^/]+)?$/
/** Patterns of one, without values, as most projects have them. */
const ENVIRONMENT_SAMPLE = /\.(example|sample|template|dist|defaults?|schema)$/

/**
 * Code must not carry passwords or keys in clear text (package-rules.md part 1). Looks at the
 * user's own text files; neither finding nor log ever has the secret itself.
 */
export const secrets: Rule = {
  id: 'secrets',
  check: async (subject) => {
    const { signal } = subject
    const own = (await ownFiles(subject)).filter(({ shown }) => !NO_TEXT.test(shown))
    const { texts, left } = await textsOf(own)
    const entryOf = new Map(own.map(({ shown, path }) => [shown, path]))
    const scanned = await scanTexts(texts, { timeoutMs: SCAN_MS_MAX, signal })
    const level = subject.request.build.secrets === 'refuse' ? 'error' : 'warning'
    return [
      ...scanned.found.flatMap(({ path: shown, secrets: found }) =>
        found.map(({ line, kind }) => {
          const said = secretsTexts.found(shown, line, kind)
          return finding('secrets', level, said, { path: entryOf.get(shown), line })
        }),
      ),
      ...own.filter(isEnvironmentFile).map(({ shown, path }) => {
        return finding('secrets', level, secretsTexts.environmentFile(shown), { path })
      }),
      ...notScanned([...left, ...scanned.left]),
    ]
  },
}

/** What is text, as far as the bounds reach; `left`: what was too much. */
async function textsOf(own: readonly OwnFile[]) {
  const texts: TextFile[] = []
  const left: string[] = []
  let bytes = 0
  for (const { shown: path, size, read } of own) {
    if (size === 0 || (size > FILE_BYTES_MAX && !TEXT.test(path))) continue
    if (size > FILE_BYTES_MAX || bytes + size > BYTES_MAX) {
      left.push(path)
      continue
    }
    const content = await read(FILE_BYTES_MAX)
    if (content.includes(0)) continue
    bytes += size
    const text = content.toString('utf8')
    if (mayHoldSecret(text)) texts.push({ path, text })
  }
  return { texts, left }
}

function isEnvironmentFile({ shown }: OwnFile): boolean {
  return ENVIRONMENT_FILE.test(shown) && !ENVIRONMENT_SAMPLE.test(shown)
}

/** Too much to look at is said, and no reason to refuse anything. */
function notScanned(paths: readonly string[]): Finding[] {
  const [first] = paths
  if (first === undefined) return []
  const said = secretsTexts.notSearched(first, andMore(paths.length - 1))
  return [finding('secrets', 'note', said, { path: first })]
}
