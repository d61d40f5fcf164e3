import * as z from 'zod'
import { LIMITS } from './limits.ts'
import { says } from './says.ts'

/** What a label is called. */
const nameSchema = z.string().regex(
  /^[A-Za-z0-9_.-]{1,64}$/,
  says({
    en: 'must be 1 to 64 of the characters A-Z a-z 0-9 _ . -',
    zh: '应为 1 到 64 个以下字符：A-Z a-z 0-9 _ . -',
  }),
)

/** Labels of a batch; each of its builds has its own besides. */
export const batchLabelsSchema = z.record(nameSchema, z.string().max(128))

/** Labels of a build. */
export const labelsSchema = batchLabelsSchema.refine(
  (labels) => Object.keys(labels).length <= LIMITS.labelsMax,
  says({
    en: `must hold at most ${LIMITS.labelsMax} labels`,
    zh: `最多 ${LIMITS.labelsMax} 个标签`,
  }),
)

/** One label as queries have it: `name:value`. */
export const labelTextSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}:/, says({ en: 'must be name:value', zh: '应为 name:value' }))
