import { type ClassReferences, readReferences } from './class-references.ts'
import { isProvided } from './jdk-packages.ts'
import type { PackageJar, PackageJars } from './package-jars.ts'

/** More are not followed: some seconds of reading, and more than any function was seen to reach. */
const CLASSES_MAX = 30_000
const AT_ONCE = 32
/** Packages that share so many names are one maker's, such as com.example. */
const OWN_NAMES = 2

/** A class of the package that was read. */
export interface WalkedClass extends ClassReferences {
  jar: PackageJar
  isOwn: boolean
}

/** A reference that leads nowhere. */
export interface Dangling {
  missing: string
  by: WalkedClass
  /**
   * own: in code of the function; needed: by a class that this code uses and that can not be loaded
   * without it; library: in any other code that is reached, which often asks first.
   */
  kind: 'own' | 'needed' | 'library'
}

export interface Walk {
  classes: ReadonlyMap<string, WalkedClass>
  dangling: readonly Dangling[]
  /** False where there were more than are followed. */
  isWhole: boolean
}

/**
 * The function's own classes, all that they refer to, and so on, as far as the jars have them;
 * `platform`: what the operator's jars have, which is there without being in the package.
 */
export async function walkClasses(
  handlerClass: string,
  release: number,
  jars: PackageJars,
  platform: ReadonlySet<string> = new Set(),
): Promise<Walk> {
  const classes = new Map<string, WalkedClass>()
  const own = ownClasses(handlerClass, jars)
  const waiting = [...own]
  const seen = new Set(waiting)
  while (waiting.length > 0 && classes.size < CLASSES_MAX) {
    const read = await Promise.all(
      waiting.splice(0, AT_ONCE).map((name) => readOne(name, own, jars)),
    )
    for (const one of read) {
      if (!one) continue
      classes.set(one.name, one)
      for (const name of one.uses) {
        if (seen.has(name) || !jars.has(name)) continue
        seen.add(name)
        waiting.push(name)
      }
    }
  }
  const needed = neededBy(own, classes)
  const isThere = (name: string) => {
    return jars.has(name) || isProvided(name, release) || platform.has(name)
  }
  const dangling = [...classes.values()].flatMap((one) => danglingOf(one, needed, isThere))
  return { classes, dangling, isWhole: waiting.length === 0 }
}

/**
 * A jar may hold its libraries' classes too: the function's own are those of the handler's jar
 * whose package begins like the handler's.
 */
function ownClasses(handlerClass: string, jars: PackageJars): ReadonlySet<string> {
  const jar = jars.jars.find(({ classes }) => classes.has(handlerClass))
  const names = handlerClass.split('.').slice(0, -1).slice(0, OWN_NAMES)
  const prefix = names.length > 0 ? `${names.join('.')}.` : ''
  const isOwn = (name: string) => (prefix === '' ? !name.includes('.') : name.startsWith(prefix))
  return new Set([...(jar?.classes.keys() ?? [])].filter(isOwn))
}

async function readOne(
  name: string,
  own: ReadonlySet<string>,
  jars: PackageJars,
): Promise<WalkedClass | undefined> {
  const found = await jars.find(name)
  const references = found?.bytes && readReferences(found.bytes)
  if (!found || references?.name !== name) return undefined
  return { ...references, jar: found.jar, isOwn: own.has(name) }
}

/** What own code uses, and its super classes and interfaces up to the JDK's. */
function neededBy(
  own: ReadonlySet<string>,
  classes: ReadonlyMap<string, WalkedClass>,
): ReadonlySet<string> {
  const waiting = [...own].flatMap((name) => classes.get(name)?.uses ?? [])
  const needed = new Set<string>()
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (needed.has(name)) continue
    needed.add(name)
    waiting.push(...(classes.get(name)?.supers ?? []))
  }
  return needed
}

function danglingOf(
  by: WalkedClass,
  needed: ReadonlySet<string>,
  isThere: (name: string) => boolean,
): Dangling[] {
  const names = by.isOwn ? new Set([...by.uses, ...by.declares]) : by.uses
  return [...names].flatMap((missing): Dangling[] => {
    if (isThere(missing)) return []
    if (by.isOwn) return [{ missing, by, kind: 'own' }]
    const isNeeded = needed.has(by.name) && by.supers.includes(missing)
    return [{ missing, by, kind: isNeeded ? 'needed' : 'library' }]
  })
}
