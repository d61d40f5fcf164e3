import * as z from 'zod'
import type { Profile } from './profile.ts'
import type { BuildReport, PackageConfiguration } from './report.ts'
import type { StoredPackage } from './stored-package.ts'

/** One call of the platform's API, ready but for what `fill` names. */
const deploymentCall = z.object({
  method: z.enum(['POST', 'PUT']),
  path: z.string().describe("{project_id} and {function_urn} are the caller's own."),
  body: z.record(z.string(), z.unknown()),
})
export type DeploymentCall = z.output<typeof deploymentCall>

/** How a finished package becomes a function of the platform, or its new code. */
export const deploymentSchema = z
  .object({
    create: deploymentCall,
    updateCode: deploymentCall,
    updateConfiguration: deploymentCall,
    fill: z
      .array(z.string())
      .describe('What nobody but the caller knows, and what to look at before sending.'),
  })
  .meta({ id: 'Deployment' })
export type Deployment = z.output<typeof deploymentSchema>

const FUNCTIONS = '/v2/{project_id}/fgs/functions'

/**
 * The bodies of FunctionGraph's API v2 (Huawei Cloud, API reference: "Creating a Function"
 * functiongraph_06_0108, "Modifying the Code of a Function" _0110, "Modifying the Metadata of a
 * Function" _0111): `code_type` zip and jar carry `func_code.file` in base64 and
 * `code_filename`, `obs` carries `code_url`. `file`: the package in base64, if it is at hand.
 * Undefined where the profile knows no such API, or where the package may not be deployed at all.
 */
export function deploymentOf(
  { package: stored, configuration, deploy }: BuildReport,
  profile: Profile,
  file?: string,
): Deployment | undefined {
  const { deployment } = profile
  const runtime = platformRuntime(configuration, profile)
  if (!stored || !deployment || runtime === undefined || !deploy?.objectStorage) return undefined
  const { function: name, handler = 'bootstrap', initializer, dependencies } = configuration
  const code = codeOf(stored, name, deploy.direct, file)
  const listed = dependencies.length > 0 ? { depend_version_list: dependencies } : {}
  const run = {
    runtime,
    handler,
    timeout: deployment.timeoutSeconds,
    memory_size: deployment.memoryMegabytes,
    ...(initializer === undefined ? {} : { initializer_handler: initializer }),
    ...(initializer === undefined ? {} : { initializer_timeout: deployment.timeoutSeconds }),
  }
  const named = { func_name: name, package: deployment.package }
  return {
    create: { method: 'POST', path: FUNCTIONS, body: { ...named, ...run, ...code, ...listed } },
    updateCode: put('code', { ...code, ...listed }),
    updateConfiguration: put('config', { func_name: name, ...run }),
    fill: [
      'project_id and function_urn in the path',
      'timeout (seconds) and memory_size (MB): those of the profile, as no package knows them',
      ...(deploy.direct ? fileToFill(file) : addressToFill(stored)),
      ...(handler.includes('.') ? [] : [HANDLER_HINT]),
      ...(NAME.test(name) ? [] : [NAME_HINT]),
      ...(dependencies.length > 0 ? ["depend_version_list: the platform's ids of these"] : []),
    ],
  }
}

/** As the reference has it for `func_name`; ours may be longer and have dots. */
const NAME = /^[A-Za-z](?:[\w-]{0,58}[A-Za-z0-9])?$/
const NAME_HINT = 'func_name: at most 60 letters, digits, "_" and "-", without a dot'
const HANDLER_HINT = 'handler: the reference wants "xx.xx", though programs have no such name'
const OBS_HINT =
  "the object's address in a bucket of the function's region; this is where the package lies now"

function put(what: 'code' | 'config', body: Record<string, unknown>): DeploymentCall {
  return { method: 'PUT', path: `${FUNCTIONS}/{function_urn}/${what}`, body }
}

function codeOf(
  { address, deployFrom = address, format }: StoredPackage,
  name: string,
  direct: boolean,
  file: string | undefined,
): Record<string, unknown> {
  // From object storage the platform takes ZIPs alone; a jar of that size was put into one.
  if (!direct) return { code_type: 'obs', code_url: deployFrom, func_code: {} }
  const code = { code_type: format, code_filename: `${name}.${format}` }
  return { ...code, func_code: file === undefined ? {} : { file } }
}

function fileToFill(file: string | undefined): string[] {
  return file === undefined ? ['func_code.file: the package in base64'] : []
}

function addressToFill({ deployFrom }: StoredPackage): string[] {
  return deployFrom === undefined ? [`code_url: ${OBS_HINT}`] : []
}

/** As the platform's API writes it, such as Node.js20.15; all HTTP functions have the same. */
function platformRuntime(
  { runtime, version, type }: PackageConfiguration,
  { runtimes, deployment }: Profile,
): string | undefined {
  if (type === 'http') return deployment?.httpRuntime
  return runtimes[runtime]?.deployAs?.replaceAll('{version}', version)
}
