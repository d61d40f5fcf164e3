import { PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'

/** What a go command's output says more exactly than that it failed; the first that fits. */
export function explain(stage: Stage, { output }: ToolResult): PacklineError | undefined {
  const text = output.join('\n')
  const fitting = [tooOld, noCompiler, brokenModule, unreachable, badSum, notFound, doesNotCompile]
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
    const detail = `${what} asks for Go ${wanted}; the platform's plugin host is Go ${found}`
    const hint = `Set the go line of go.mod to ${found} or older, and older versions of its modules.`
    return new PacklineError('MANIFEST_INVALID', detail, { hint, output })
  }
  const fetched = /go: download go(\S+) for \S+: toolchain not available/.exec(text)?.[1]
  const refused = /go: download go(\S+?): .*(?:403|404|410|disabled by GOPROXY=off)/.exec(text)?.[1]
  const version = wanted ?? fetched ?? refused
  if (version === undefined) return undefined
  const why =
    found === undefined ? stage.because : `${what} asks for it, this worker has Go ${found}`
  return new PacklineError('TOOL_MISSING', `Go ${version} can not be had: ${why}`, {
    hint: 'Ask for an older Go in the go line of go.mod, or install that Go on the worker.',
    output,
  })
}

const noCompiler: Explanation = (text, output) => {
  const compiler = /C compiler "([^"]+)" not found/.exec(text)?.[1]
  if (compiler === undefined) return undefined
  return new PacklineError('TOOL_MISSING', `The C compiler ${compiler} is not on this worker`, {
    hint: 'Install gcc (apt-get install gcc libc6-dev), or ziglang from PyPI.',
    output,
  })
}

const brokenModule: Explanation = (text, output) => {
  const [, place, reason] =
    /^(?:\S*\/)?(go\.(?:mod|sum|work):\d+(?::\d+)?): (.+)$/m.exec(text) ?? []
  const line = place ?? /^(malformed go\.sum:)$/m.exec(text)?.[1]
  if (line === undefined) return undefined
  return new PacklineError('MANIFEST_INVALID', `${line}: ${reason ?? 'see the output'}`, {
    hint: 'Mend the line that is named; go mod tidy writes both files anew.',
    output,
  })
}

const UNREACHABLE =
  /dial tcp|no such host|connection (?:refused|reset)|i\/o timeout|TLS handshake|x509:|proxyconnect|\b50[0234] [A-Z]/

const unreachable: Explanation = (text, output, stage) => {
  if (stage.network === 'none') return undefined
  if (text.includes('disabled by GOPROXY=off')) {
    const detail = `${stage.name}: the worker is configured to fetch no modules (GOPROXY=off)`
    return new PacklineError('REGISTRY_UNAVAILABLE', detail, {
      hint: 'Hand in the modules with the source (go mod vendor), or ask the operator for a proxy.',
      output,
    })
  }
  if (!UNREACHABLE.test(text)) return undefined
  return new PacklineError(
    'REGISTRY_UNAVAILABLE',
    `${stage.name} could not reach the module proxy`,
    {
      output,
    },
  )
}

const badSum: Explanation = (text, output) => {
  const differs = /verifying (\S+?): checksum mismatch/.exec(text)?.[1]
  if (differs !== undefined) {
    return new PacklineError('INSTALL_FAILED', `${differs} is not what go.sum says it is`, {
      hint: 'Find out who changed it; when it was you, let go mod tidy write go.sum anew.',
      output,
    })
  }
  const missing = /missing go\.sum entry for (?:module providing package )?(\S+)/.exec(text)?.[1]
  if (missing === undefined) return undefined
  const of =
    missing === 'go.mod' ? (/: (\S+): missing go\.sum/.exec(text)?.[1] ?? missing) : missing
  return new PacklineError('INSTALL_FAILED', `go.sum has no entry for ${of}`, {
    hint: 'Run go mod tidy and hand in the go.sum that it writes, or leave go.sum out.',
    output,
  })
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
  return new PacklineError('DEPENDENCY_NOT_FOUND', `${stage.name} found no ${name}`, {
    hint: isSdk
      ? "The platform's SDK is in no public registry: the operator puts it beside the profile."
      : 'Look at its path and version in go.mod; go get writes both, go mod tidy the sums.',
    output,
  })
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
  const more = placed.length > 1 ? ` (and ${placed.length - 1} more)` : ''
  return new PacklineError('COMPILE_FAILED', `${first.replace(/^\.\//, '')}${more}`, {
    hint: 'Mend the line that is named; go vet ./... shows the same without packing.',
    output,
  })
}
