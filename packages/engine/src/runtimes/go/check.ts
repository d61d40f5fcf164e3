import { join } from 'node:path'
import type { Finding } from '@packline/shared'
import { finding, type Said } from '../../finding.ts'
import { entryFindings } from '../../rules/entry-at-root.ts'
import { functionsOf } from '../../rules/functions-of.ts'
import { goBinaryTexts } from '../../texts/go-binary.ts'
import { goHostTexts } from '../../texts/go-host.ts'
import { handlerExistsTexts } from '../../texts/handler-exists.ts'
import { joined, verbatim } from '../../words.ts'
import type { Subject } from '../runtime.ts'
import { type GoBinary, readGoBinary } from './binary.ts'
import { entryOf, type Form, formOf } from './form.ts'

/**
 * Rules entry-at-root, go-plugin, go-executable, handler-exists, initializer, go-host (part 3): of
 * the file that the handler names, and none where nobody knows the handler.
 */
export async function check(subject: Subject): Promise<readonly Finding[]> {
  if (subject.request.type !== 'http' && subject.handler === undefined) return []
  const form = formOf(subject)
  const path = entryOf(form)
  const absent = entryFindings(subject, [path])
  // What bootstrap is, is told by the rule of that name.
  if (absent.length > 0 || form.kind === 'http') return absent
  const entry = subject.package.archive.entries.find((one) => one.path === path)
  if (entry?.kind !== 'file') return [wrong(form, path, goBinaryTexts.link(path))]
  const binary = await readGoBinary(join(await subject.package.folder(), path))
  if (form.kind === 'plugin') return checkPlugin(subject, form, path, binary)
  return checkExecutable(form, path, binary, entry.executable)
}

const SYMBOLS_SHOWN_MAX = 20

type Plugin = Extract<Form, { kind: 'plugin' }>

function checkPlugin(
  subject: Subject,
  form: Plugin,
  path: string,
  binary: GoBinary | undefined,
): Finding[] {
  const mode = binary?.settings.get('-buildmode')
  if (!binary) return [wrong(form, path, goBinaryTexts.noElf(path))]
  if (binary.elf.type !== 'shared') return [wrong(form, path, goBinaryTexts.noLibrary(path))]
  if (!binary.goVersion) return [wrong(form, path, goBinaryTexts.notByGo(path))]
  if (mode !== 'plugin') return [wrong(form, path, goBinaryTexts.otherMode(path, mode))]
  return [...checkSymbols(subject, form, path, binary), ...checkHost(subject, path, binary)]
}

function wrong(form: Form, path: string, said: Said): Finding {
  const rule = form.kind === 'plugin' ? 'go-plugin' : 'go-executable'
  return finding(rule, 'error', said, { path })
}

function checkSymbols(subject: Subject, form: Plugin, path: string, binary: GoBinary): Finding[] {
  const found = binary.symbols.slice(0, SYMBOLS_SHOWN_MAX)
  return functionsOf(form.symbol, subject.request.initializer)
    .filter(([, symbol]) => !binary.symbols.includes(symbol))
    .map(([rule, symbol]) => {
      const said = handlerExistsTexts.go(rule, path, symbol, found)
      return finding(rule, 'error', said, { path })
    })
}

/** A plugin only loads into a host of the same Go and the same versions of shared modules. */
function checkHost({ profile, request }: Subject, path: string, binary: GoBinary): Finding[] {
  const { host, modules } = profile.go
  if (host === undefined) return [unknownHost(path, binary, request.version)]
  const own = binary.goVersion ?? ''
  const said = host === own ? [] : [goHostTexts.otherGo(path, own, host)]
  for (const [module, version] of Object.entries(modules)) {
    const found = binary.modules.get(module) ?? version
    if (found !== version) said.push(goHostTexts.otherModule(path, module, found, version))
  }
  return said.map((one) => finding('go-host', 'error', one, { path }))
}

const MODULES_SHOWN_MAX = 8

/** What the host would have to have; "1.x" of the platform names no release. */
function unknownHost(path: string, { goVersion, modules }: GoBinary, version: string): Finding {
  const all = [...modules].map(([module, of]) => `${module} ${of}`)
  const by = [`Go ${goVersion}`, ...all.slice(0, MODULES_SHOWN_MAX)].map(verbatim)
  const more = all.length - MODULES_SHOWN_MAX
  if (more > 0) by.push({ en: `${more} more`, zh: `另外 ${more} 个模块` })
  const asked = /^\d+\.\d+$/.test(version) ? version : undefined
  const said = goHostTexts.unknownHost(joined(by, ','), asked)
  return finding('go-host', 'warning', said, { path })
}

function checkExecutable(
  form: Form,
  path: string,
  binary: GoBinary | undefined,
  isExecutable: boolean,
): Finding[] {
  const mode = binary?.settings.get('-buildmode')
  if (!binary) return [wrong(form, path, goBinaryTexts.noProgram(path))]
  if (binary.elf.type === 'other') return [wrong(form, path, goBinaryTexts.objectFile(path))]
  if (mode === 'plugin' || mode === 'c-shared') {
    return [wrong(form, path, goBinaryTexts.library(path, mode))]
  }
  return isExecutable ? [] : [wrong(form, path, goBinaryTexts.notExecutable(path))]
}
