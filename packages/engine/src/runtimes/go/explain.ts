import { failed, type PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import { goFailures, WHY_NO_GO } from '../../texts/failures/go.ts'
import { behind, othersToo } from '../../texts/failures/others-too.ts'
import { askedAt } from '../asked.ts'
import type { Stage } from '../runtime.ts'

/** What a go command's output says more exactly than that it failed; the first that fits. */
export function explain(stage: Stage, { output }: ToolResult): PacklineError | undefined {
  const text = output.join('\n')
  const ofModules = [tooOld, noCompiler, brokenModule, unreachable, badSum, notFound]
  const fitting = [...ofModules, noMain, doesNotCompile]
  for (const fits of fitting) {
    const error = fits(text, output, stage)
    if (error) return error
  }
  return undefined
}

type Explanation = (text: string, output: string[], stage: Stage) => PacklineError | undefined

/** The toolchain that was asked for is not there, or the one that was taken is too old. */
const tooOld: Explanation = (text, output, stage) => {
  const [, what, wanted, found, set] =
    /go: (.+?) requires go >= (\S+) \(running go (\S+?); GOTOOLCHAIN=(\S+?)\)/.exec(text) ?? []
  if (wanted !== undefined && set !== 'local') {
    const host = goFailures.hostIsOlder(String(what), wanted, String(found))
    return failed('MANIFEST_INVALID', host, { output })
  }
  const fetched = /go: download go(\S+) for \S+: toolchain not available/.exec(text)?.[1]
  const refused = /go: download go(\S+?): .*(?:403|404|410|disabled by GOPROXY=off)/.exec(text)?.[1]
  const version = wanted ?? fetched ?? refused
  if (version === undefined) return undefined
  const why =
    found === undefined ? WHY_NO_GO.of(stage.because) : WHY_NO_GO.asked(String(what), found)
  return failed('TOOL_MISSING', goFailures.noToolchain(version, why), { output })
}

const noCompiler: Explanation = (text, output) => {
  const compiler = /C compiler "([^"]+)" not found/.exec(text)?.[1]
  if (compiler === undefined) return undefined
  return failed('TOOL_MISSING', goFailures.noCompiler(compiler), { output })
}

const brokenModule: Explanation = (text, output) => {
  const [, place, reason] =
    /^(?:\S*\/)?(go\.(?:mod|sum|work):\d+(?::\d+)?): (.+)$/m.exec(text) ?? []
  const line = place ?? /^(malformed go\.sum:)$/m.exec(text)?.[1]
  if (line === undefined) return undefined
  return failed('MANIFEST_INVALID', goFailures.brokenModule(line, reason), { output })
}

const UNREACHABLE =
  /dial tcp|no such host|connection (?:refused|reset)|i\/o timeout|TLS handshake|x509:|proxyconnect|\b50[0234] [A-Z]/

const unreachable: Explanation = (text, output, stage) => {
  if (stage.network === 'none') return undefined
  if (text.includes('disabled by GOPROXY=off')) {
    return failed('REGISTRY_UNAVAILABLE', goFailures.proxyOff(stage.name), { output })
  }
  if (!UNREACHABLE.test(text)) return undefined
  return failed('REGISTRY_UNAVAILABLE', goFailures.proxyAway(stage.name), { output })
}

const badSum: Explanation = (text, output) => {
  const differs = /verifying (\S+?): checksum mismatch/.exec(text)?.[1]
  if (differs !== undefined) {
    return failed('INSTALL_FAILED', goFailures.sumDiffers(differs), { output })
  }
  const missing = /missing go\.sum entry for (?:module providing package )?(\S+)/.exec(text)?.[1]
  if (missing === undefined) return undefined
  const of =
    missing === 'go.mod' ? (/: (\S+): missing go\.sum/.exec(text)?.[1] ?? missing) : missing
  return failed('INSTALL_FAILED', goFailures.sumLacks(of), { output })
}

const NOT_FOUND = [
  /no required module provides package (\S+?)[;:]/,
  /cannot find module providing package (\S+?)(?::|$)/m,
  /module (\S+?): reading \S+: (?:403|404|410)/,
  /(\S+?@\S+?): reading \S+: (?:403|404|410)/,
  /(\S+?@\S+?): (?:invalid version|unrecognized import path|unknown revision|no matching versions)/,
  /module (\S+?)(?:@\S+)? found(?: \(\S+\))?, but does not contain package/,
  /(?:^|\s)(\S+): (?:unrecognized import path|invalid version: git|module .* no matching versions)/m,
  /package (\S+) is not in (?:std|GOROOT)/,
]

const notFound: Explanation = (text, output, stage) => {
  const name = NOT_FOUND.map((pattern) => pattern.exec(text)?.[1]).find((found) => found)
  if (name === undefined) return undefined
  const isSdk = name.startsWith('huaweicloud.com/')
  const place = askedAt(stage, name.replace(/@.*$/, '')) || importedAt(name, output)
  const { detail, hint } = goFailures.notFound(stage.name, name, isSdk)
  return failed('DEPENDENCY_NOT_FOUND', { detail: behind(detail, place), hint }, { output })
}

/** What go.mod does not ask for is told with the file and line that imports it. */
function importedAt(name: string, output: readonly string[]): string {
  const line = output.find((text) => PLACE.test(text) && text.includes(name)) ?? ''
  const place = /^(?:\.\/)?(.+?:\d+)/.exec(line)?.[1]
  return place === undefined ? '' : ` (${place})`
}

/** The linker's word, which names no line. */
const noMain: Explanation = (text, output) => {
  if (!text.includes('function main is undeclared in the main package')) return undefined
  return failed('COMPILE_FAILED', goFailures.noMainFunction(), { output })
}

const PLACE = /^(?:\.\/)?[^\s:]+\.(?:go|c|h|s):\d+(?::\d+)?: /

/** The compiler's first line with a place; go list reads the code too and finds the same. */
const doesNotCompile: Explanation = (_text, output, stage) => {
  const placed = output.filter((line) => PLACE.test(line))
  const plain = output.filter((line) => line.trim() !== '' && !/^(?:# |go: downloading)/.test(line))
  const [first] = placed.length > 0 ? placed : plain
  if (first === undefined || (placed.length === 0 && stage.failure !== 'COMPILE_FAILED')) {
    return undefined
  }
  const said = goFailures.doesNotCompile(first.replace(/^\.\//, ''), othersToo(placed.length - 1))
  return failed('COMPILE_FAILED', said, { output })
}
