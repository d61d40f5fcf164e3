import { PacklineError } from '@packline/shared'
import * as z from 'zod'
import type { Tree } from '../../tree.ts'

const MANIFEST_BYTES_MAX = 4 * 1024 * 1024

const manifestSchema = z.looseObject({
  type: z.enum(['module', 'commonjs']).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
})
export type Manifest = z.output<typeof manifestSchema>

/**
 * package.json at the root, or undefined; throws MANIFEST_INVALID with the place of the mistake.
 */
export async function readManifest(tree: Tree): Promise<Manifest | undefined> {
  if (!tree.find('package.json')) return undefined
  const text = (await tree.read('package.json', MANIFEST_BYTES_MAX)).toString('utf8')
  const parsed = manifestSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new PacklineError(
    'MANIFEST_INVALID',
    `package.json: "${issue?.path.join('.')}": ${issue?.message}`,
    { hint: 'Mend the field; npm init makes a package.json to compare with.', cause: parsed.error },
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new PacklineError('MANIFEST_INVALID', `package.json is not JSON: ${reason}`, {
      hint: 'Look at the place that is named: often a comma too many or too few.',
      cause: error,
    })
  }
}
