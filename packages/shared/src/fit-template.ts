import { parseHandler } from './handler.ts'
import type { Template } from './template.ts'

/** A name in a template's own text, and how one that is missing is added. */
const WORDS = {
  nodejs: {
    extension: 'js',
    named: (name: string) => `exports.${name} = `,
    added: (name: string) => `\nexports.${name} = async () => {}\n`,
  },
  python: {
    extension: 'py',
    named: (name: string) => `def ${name}(`,
    added: (name: string) => `\n\ndef ${name}(context):\n    pass\n`,
  },
}

interface Names {
  handler?: string
  initializer?: string
}

/**
 * The template's files for a function whose handler and initializer have other names: file and
 * function are called as it says. Undefined where the template has no place for such a handler.
 */
export function fitTemplate(template: Template, wanted: Names): Template['files'] | undefined {
  const { runtime, handler, initializer, files } = template
  const isFit = wanted.handler === handler && [initializer, undefined].includes(wanted.initializer)
  if (isFit || (template.runtime === 'custom' && wanted.initializer === undefined)) return files
  if (runtime !== 'nodejs' && runtime !== 'python') return undefined
  const own = part(handler)
  const asked = part(wanted.handler)
  if (!own || !asked) return undefined
  const { extension, named, added } = WORDS[runtime]
  const text = files[`${own.file}.${extension}`]?.text
  if (text === undefined) return undefined
  const renamed = text.replace(named(own.function), named(asked.function))
  const start = part(wanted.initializer)?.function
  const whole =
    start === undefined || renamed.includes(named(start)) ? renamed : renamed + added(start)
  return { [`${asked.file}.${extension}`]: { text: whole, executable: false } }
}

function part(handler: string | undefined) {
  const parsed = handler === undefined ? undefined : parseHandler(handler, ['file.function'])
  return parsed?.form === 'file.function' ? parsed : undefined
}
