export { ensureImage, findEngine } from './container.ts'
export { unpackedPrograms, unpackPrograms } from './debian.ts'
export { describeRegistries } from './describe-registries.ts'
export { endOnFault } from './end-on-fault.ts'
export { type Environment, toolEnvironment } from './environment.ts'
export { errorForLog } from './error-for-log.ts'
export { findOnPath } from './find-on-path.ts'
export { httpAnswers } from './http-ping.ts'
export * from './minio.ts'
export { cachedMinio, MINIO_VERSION } from './minio-build.ts'
export { exitWithParent } from './parent.ts'
export { freePort, onFreePort } from './ports.ts'
export { runCommand, runToEnd } from './process/command.ts'
export { type Service, type ServiceSpec, startService } from './process/service.ts'
export { lives, livesStill, processMark } from './process-life.mjs'
export * from './redis.ts'
export { redisAnswers } from './redis-ping.ts'
export { registrySettings } from './registries.ts'
export { repeat } from './repeat.ts'
export {
  findSandboxTool,
  presentSandboxTool,
  type SandboxOptions,
  type SandboxTool,
} from './sandbox-tool.ts'
export { userCache } from './user-cache.ts'
export { userConfig } from './user-config.ts'
export { firstThatWorks, type Way } from './way.ts'
