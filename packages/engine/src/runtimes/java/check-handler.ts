import type { Finding } from '@packline/shared'
import { finding, type Said } from '../../finding.ts'
import { nearest } from '../../nearest.ts'
import { functionsOf } from '../../rules/functions-of.ts'
import { javaHandlerTexts, publicMethods } from '../../texts/java-handler.ts'
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
    const said = javaHandlerTexts.otherClass(found.path, handler.class)
    return [finding('handler-exists', 'error', said, { path })]
  }
  const findings = classFindings(file, path)
  const lineage = await lineageOf(file, jars)
  for (const [rule, method] of functionsOf(handler.method, request.initializer)) {
    const said = methodFault(method, file.name, lineage)
    if (said) findings.push(finding(rule, 'error', said, { path }))
  }
  return findings
}

function noClass(name: string, method: string, jars: PackageJars): Finding {
  const where = jars.jars.flatMap(({ path }) => path ?? [])
  const near = nearest(name, jars.classNames())
  const [unread] = jars.closed
  if (unread === undefined) {
    return finding('handler-exists', 'error', javaHandlerTexts.noClass(name, where, near, method))
  }
  // What can not be looked into may have it: the load check is the proof.
  const said = javaHandlerTexts.unread(name, unread, near, method)
  return finding('handler-exists', 'warning', said, { path: unread })
}

function classFindings(file: ClassFile, path: string): Finding[] {
  if (file.isPublic) return []
  return [finding('handler-exists', 'error', javaHandlerTexts.closedClass(file.name), { path })]
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

function methodFault(
  name: string,
  className: string,
  { methods, isWhole }: Lineage,
): Said | undefined {
  const named = methods.filter((method) => method.name === name)
  if (named.some(({ isPublic }) => isPublic)) return undefined
  if (named.length > 0) return javaHandlerTexts.closedMethod(`${className}.${name}`)
  if (!isWhole) return undefined
  const publics = methods.filter(({ isPublic }) => isPublic)
  const near = nearest(
    name,
    publics.map((method) => method.name),
  )
  const shown = publicMethods(publics.map(signature), METHODS_LISTED_MAX)
  return javaHandlerTexts.noMethod(className, name, shown, near)
}

/** `handle(String, Context)`: without packages, as the source says it. */
function signature({ name, parameters }: ClassMethod): string {
  return `${name}(${parameters.map((type) => type.replace(/^.*[.$]/, '')).join(', ')})`
}
