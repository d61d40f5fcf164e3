import { type BatchCalls, batchCalls } from './calls/batches.ts'
import { type BuildCalls, buildCalls } from './calls/builds.ts'
import { type CredentialCalls, credentialCalls } from './calls/credentials.ts'
import { type DependencyCalls, dependencyCalls } from './calls/dependencies.ts'
import { type FileCalls, fileCalls } from './calls/files.ts'
import { type FunctionCalls, functionCalls } from './calls/functions.ts'
import { type HookCalls, hookCalls } from './calls/hooks.ts'
import { type KeyCalls, keyCalls } from './calls/keys.ts'
import { type NoticeCalls, noticeCalls } from './calls/notices.ts'
import { type PackageCalls, packageCalls } from './calls/packages.ts'
import { type PlatformCalls, platformCalls } from './calls/platform.ts'
import { type UploadCalls, uploadCalls } from './calls/uploads.ts'
import { connect, type Server } from './connection.ts'

/**
 * The API, typed. Every call throws PacklineError with the API's own code, or SERVER_UNREACHABLE.
 */
export type Client = BuildCalls &
  BatchCalls &
  UploadCalls &
  CredentialCalls &
  DependencyCalls &
  FunctionCalls &
  FileCalls &
  PackageCalls &
  HookCalls &
  KeyCalls &
  NoticeCalls &
  PlatformCalls

/** `url` without a path, such as `http://127.0.0.1:8080`; `language`: of texts, English without. */
export function packlineClient(options: Server): Client {
  const server = connect(options)
  return {
    ...buildCalls(server),
    ...batchCalls(server),
    ...uploadCalls(server),
    ...credentialCalls(server),
    ...dependencyCalls(server),
    ...functionCalls(server),
    ...fileCalls(server),
    ...packageCalls(server),
    ...hookCalls(server),
    ...keyCalls(server),
    ...noticeCalls(server),
    ...platformCalls(server),
  }
}
