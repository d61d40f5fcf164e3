import { join } from 'node:path'
import type { Finding } from '@packline/shared'
import { entryFindings } from '../../rules/entry-at-root.ts'
import type { Subject } from '../runtime.ts'
import { type GoBinary, readGoBinary } from './binary.ts'
import { entryOf, type Form, formOf, initializerOf } from './form.ts'

/** Rules entry-at-root, go-plugin, go-executable, handler-exists and go-host (part 3). */
export async function check(subject: Subject): Promise<readonly Finding[]> {
  const form = formOf(subject)
  const path = entryOf(form)
  const absent = entryFindings(subject, [path])
  // What bootstrap is, is told by the rule of that name.
  if (absent.length > 0 || form.kind === 'http') return absent
  const entry = subject.package.archive.entries.find((one) => one.path === path)
  if (entry?.kind !== 'file') return [wrong(form, path, 'is a link', 'Pack the file itself.')]
  const binary = await readGoBinary(join(await subject.package.folder(), path))
  if (form.kind === 'plugin') return checkPlugin(subject, form, path, binary)
  return checkExecutable(form, path, binary, entry.executable)
}

type Plugin = Extract<Form, { kind: 'plugin' }>

function checkPlugin(
  subject: Subject,
  form: Plugin,
  path: string,
  binary: GoBinary | undefined,
): Finding[] {
  const mode = binary?.settings.get('-buildmode')
  const hint = 'Build it with `go build -buildmode=plugin`.'
  if (!binary) return [wrong(form, path, 'is no ELF file', hint)]
  if (binary.elf.type !== 'shared') return [wrong(form, path, 'is no dynamic library', hint)]
  if (!binary.goVersion) return [wrong(form, path, 'was not made by Go', hint)]
  if (mode !== 'plugin') return [wrong(form, path, `has build mode ${mode ?? 'unknown'}`, hint)]
  return [...checkSymbols(subject, form, path, binary), ...checkHost(subject, path, binary)]
}

function wrong(form: Form, path: string, message: string, hint: string): Finding {
  const rule = form.kind === 'plugin' ? 'go-plugin' : 'go-executable'
  return { rule, level: 'error', message: `${path} ${message}`, hint, path }
}

function checkSymbols(subject: Subject, form: Plugin, path: string, binary: GoBinary): Finding[] {
  const initializer = initializerOf(subject)
  const wanted = [form.symbol, ...(initializer === undefined ? [] : [initializer])]
  const found = binary.symbols.slice(0, 20).join(', ') || 'no symbol at all'
  return wanted
    .filter((symbol) => !binary.symbols.includes(symbol))
    .map((symbol) => ({
      rule: 'handler-exists',
      level: 'error',
      message: `${path} exports no ${symbol}; found ${found}`,
      hint: 'Name one of these in the handler, or add the function to package main.',
      path,
    }))
}

/** A plugin only loads into a host of the same Go and the same versions of shared modules. */
function checkHost({ profile, request }: Subject, path: string, binary: GoBinary): Finding[] {
  const { host, modules } = profile.go
  if (host === undefined) return [unknownHost(path, binary, request.version)]
  const own = `${path} was built by Go ${binary.goVersion}`
  const others = Object.entries(modules)
    .map(([module, version]) => ({ module, version, found: binary.modules.get(module) ?? version }))
    .filter(({ version, found }) => found !== version)
  const differences = [
    ...(host === binary.goVersion ? [] : [`${own}, the platform's host by Go ${host}`]),
    ...others.map(
      ({ module, found, version }) => `${path} has ${module} ${found}, the host ${version}`,
    ),
  ]
  return differences.map((message) => ({
    rule: 'go-host',
    level: 'error',
    message: `${message}; plugins only load into a host that has the same`,
    hint: 'Build it with the same: go get MODULE@VERSION for a module; from source Packline takes the same Go by itself.',
    path,
  }))
}

const MODULES_SHOWN_MAX = 8

/** What the host would have to have; "1.x" of the platform names no release. */
function unknownHost(path: string, { goVersion, modules }: GoBinary, version: string): Finding {
  const all = [...modules].map(([module, of]) => `${module} ${of}`)
  const more = all.length > MODULES_SHOWN_MAX ? [`${all.length - MODULES_SHOWN_MAX} more`] : []
  const what = [`Go ${goVersion}`, ...all.slice(0, MODULES_SHOWN_MAX), ...more].join(', ')
  const asked = /^\d+\.\d+$/.test(version) ? `, and the function asks for Go ${version}` : ''
  return {
    rule: 'go-host',
    level: 'warning',
    message: `proved only against ${what}: the profile does not say which Go the platform's plugin host has${asked}`,
    hint: "Ask the platform's operator, and set go.host in the profile.",
    path,
  }
}

function checkExecutable(
  form: Form,
  path: string,
  binary: GoBinary | undefined,
  isExecutable: boolean,
): Finding[] {
  const hint = `Build it with \`CGO_ENABLED=0 GOOS=linux go build -o ${path}\`.`
  const mode = binary?.settings.get('-buildmode')
  if (!binary) return [wrong(form, path, 'is no ELF executable', hint)]
  if (binary.elf.type === 'other') return [wrong(form, path, 'is an ELF object file', hint)]
  if (mode === 'plugin' || mode === 'c-shared') {
    return [wrong(form, path, `is a library (build mode ${mode}), not an executable`, hint)]
  }
  if (isExecutable) return []
  return [wrong(form, path, 'is not executable', 'Pack it with mode 0755.')]
}
