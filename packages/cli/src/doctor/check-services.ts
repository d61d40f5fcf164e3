import { existsSync } from 'node:fs'
import { packlineClient } from '@packline/client'
import { cachedMinio, findOnPath, redisAnswers } from '@packline/setup'
import { PacklineError } from '@packline/shared'
import { storeFromUrl } from '@packline/stores'
import { findRedisServer } from '../find-unpacked.ts'
import { findServer } from '../server/find-server.ts'
import { broken, type Checked, fine, lacks } from './checked.ts'

/** What a server of one's own keeps its records in. */
export async function checkRedis(environment: NodeJS.ProcessEnv, clone?: string): Promise<Checked> {
  const { PACKLINE_REDIS_URL: url } = environment
  if (url) {
    const answers = await redisAnswers(url).catch(() => false)
    if (answers) return fine('redis', 'PACKLINE_REDIS_URL answers')
    const said = 'the Redis of PACKLINE_REDIS_URL does not answer'
    return broken('redis', said, 'start it, or name another in PACKLINE_REDIS_URL')
  }
  const program = findRedisServer(environment, clone)
  if (program) return fine('redis', program)
  const mend = process.platform === 'darwin' ? 'brew install redis' : 'apt-get install redis-server'
  return lacks('redis', 'no Redis here, which only a server needs', mend)
}

/** What a server of one's own keeps packages in. */
export async function checkStore(environment: NodeJS.ProcessEnv): Promise<Checked> {
  const { PACKLINE_STORE_URL: url } = environment
  if (!url) {
    const minio = findOnPath(environment, 'minio') ?? cachedMinio(environment)
    return fine('store', existsSync(minio) ? minio : 'a folder (PACKLINE_STORE_URL names another)')
  }
  try {
    await storeFromUrl(url).ping()
    return fine('store', 'PACKLINE_STORE_URL answers')
  } catch (error) {
    if (!(error instanceof PacklineError)) throw error
    return broken('store', error.message, 'start it, or name another in PACKLINE_STORE_URL')
  }
}

/** The server that commands ask, and what its workers can not build. */
export async function checkServer(environment: NodeJS.ProcessEnv): Promise<Checked[]> {
  const found = await findServer(environment)
  if (!found) {
    return [lacks('server', 'nobody is logged in, which packing here does not need', LOG_IN)]
  }
  const { url } = found
  try {
    const workers = await packlineClient(found).workers()
    const count = `${workers.length} ${workers.length === 1 ? 'worker' : 'workers'}`
    const server = fine('server', `${url}, ${count}`)
    if (workers.length > 0) return [server]
    return [
      server,
      broken('workers', 'no worker takes builds there', 'start one, see docs/operation.md'),
    ]
  } catch (error) {
    if (!(error instanceof PacklineError)) throw error
    const isKey = error.code === 'NOT_AUTHENTICATED'
    return [broken('server', error.message, isKey ? LOG_IN : (error.hint ?? LOG_IN))]
  }
}

const LOG_IN = 'packline login URL'
