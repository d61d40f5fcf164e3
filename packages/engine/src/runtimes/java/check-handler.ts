import type { Finding } from '@packline/shared'
import { nearest } from '../../nearest.ts'
import type { Subject } from '../runtime.ts'
import { type ClassFile, type ClassMethod, readClassFile } from './class-file.ts'
import type { PackageJars } from './package-jars.ts'

/** A class can inherit its handler; nobody builds higher than this. */
const SUPER_CLASSES_MAX = 32
const METHODS_LISTED_MAX = 8

/** The handler's class is there and public, and has the methods. */
export async function checkHandlerClass(subject: Subject, jars: PackageJars): Promise<Finding[]> {
  const { handler, request } = subject
  if (handler?.form !== 'package.Class.method') return []
  const found = await jars.find(handler.class)
  if (!found) return [noClass(handler.class, handler.method, jars)]
  const file = found.bytes && readClassFile(found.bytes)
  const path = found.jar.path ?? found.path
  if (file?.name !== handler.class) {
    return [error(`${found.path} is not the class file of ${handler.class}`, path)]
  }
  const findings = classFindings(file, path)
  const lineage = await lineageOf(file, jars)
  for (const [rule, method] of methodsOf(handler.method, request.initializer)) {
    const finding = methodFinding(method, file.name, lineage)
    if (finding) findings.push({ ...finding, rule, path })
  }
  return findings
}

function methodsOf(handler: string, initializer: string | undefined) {
  const methods: ['handler-exists' | 'initializer', string][] = [['handler-exists', handler]]
  if (initializer !== undefined) {
    methods.push(['initializer', initializer.slice(initializer.lastIndexOf('.') + 1)])
  }
  return methods
}

function noClass(name: string, method: string, jars: PackageJars): Finding {
  const where = jars.jars.flatMap(({ path }) => path ?? [])
  const place =
    where.length > 0 ? `in none of the root's jars (${where.join(', ')})` : 'not in the jar'
  const near = nearest(name, jars.classNames())
  const hint = near
    ? `There is ${near}: name it as ${near}.${method}.`
    : 'Name the class with its whole package: com.example.Hello.handle.'
  const [unread] = jars.closed
  if (unread === undefined) {
    return { ...error(`the class ${name} is ${place}`, undefined), hint }
  }
  // What can not be looked into may have it: the load check is the proof.
  const message = `the class ${name} was not found; ${unread} could not be looked into`
  return { rule: 'handler-exists', level: 'warning', message, hint, path: unread }
}

function classFindings(file: ClassFile, path: string): Finding[] {
  if (file.isPublic) return []
  return [{ ...error(`${file.name} is not public`, path), hint: 'Write `public class`.' }]
}

interface Lineage {
  methods: readonly ClassMethod[]
  /** False where a super class is in no jar: it may have more methods. */
  isWhole: boolean
}

/** The class with its super classes, up to the JDK's. */
async function lineageOf(file: ClassFile, jars: PackageJars): Promise<Lineage> {
  const methods = [...file.methods]
  let current: ClassFile = file
  for (let depth = 0; depth < SUPER_CLASSES_MAX; depth += 1) {
    const { superName } = current
    if (superName === undefined || superName === 'java.lang.Object') {
      return { methods, isWhole: true }
    }
    const next = await jars.read(superName)
    if (!next) return { methods, isWhole: false }
    methods.push(...next.methods)
    current = next
  }
  return { methods, isWhole: false }
}

function methodFinding(
  name: string,
  className: string,
  { methods, isWhole }: Lineage,
): Finding | undefined {
  const named = methods.filter((method) => method.name === name)
  if (named.some(({ isPublic }) => isPublic)) return undefined
  if (named.length > 0) {
    const found = error(`${className}.${name} is not public`, undefined)
    return { ...found, hint: `Write \`public\` before it.` }
  }
  if (!isWhole) return undefined
  const publics = methods.filter(({ isPublic }) => isPublic)
  const near = nearest(
    name,
    publics.map((method) => method.name),
  )
  return {
    ...error(`${className} has no method "${name}"; ${listed(publics)}`, undefined),
    hint: near
      ? `Name it in the handler as ${className}.${near}.`
      : `Add \`public Object ${name}(Object event, Context context)\`, or name another method.`,
  }
}

function listed(methods: readonly ClassMethod[]): string {
  if (methods.length === 0) return 'it has no public method'
  const shown = methods.slice(0, METHODS_LISTED_MAX).map(signature)
  return `it has ${shown.join(', ')}${methods.length > shown.length ? ' ...' : ''}`
}

/** `handle(String, Context)`: without packages, as the source says it. */
function signature({ name, parameters }: ClassMethod): string {
  return `${name}(${parameters.map((type) => type.replace(/^.*[.$]/, '')).join(', ')})`
}

function error(message: string, path: string | undefined): Finding {
  return { rule: 'handler-exists', level: 'error', message, path }
}
