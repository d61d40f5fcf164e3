import { randomBytes } from 'node:crypto'
import {
  type Environment,
  ensureImage,
  findEngine,
  MINIO_BUCKET,
  MINIO_IMAGES,
  type MinioFound,
  REDIS_IMAGES,
  type RedisFound,
} from '@packline/setup'

const START_MS_MAX = 60_000

/** Redis by testcontainers, where an engine answers and has an image or gets it within 60 s. */
export async function redisInContainer(
  environment: Environment,
  signal?: AbortSignal,
): Promise<RedisFound> {
  const image = await findImage(environment, REDIS_IMAGES, signal)
  const { GenericContainer, Wait } = await load()
  // Without a password Redis talks to its own container only.
  const password = randomBytes(18).toString('base64url')
  const container = await new GenericContainer(image)
    .withExposedPorts(6379)
    .withCommand([
      ...['redis-server', '--requirepass', password],
      ...['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'],
    ])
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
    .withStartupTimeout(START_MS_MAX)
    .start()
  return {
    url: `redis://:${password}@${container.getHost()}:${container.getMappedPort(6379)}`,
    how: `container of ${image}`,
    stop: () => container.stop().then(() => {}),
  }
}

/** MinIO likewise, with its bucket. */
export async function minioInContainer(
  environment: Environment,
  signal?: AbortSignal,
): Promise<MinioFound> {
  const image = await findImage(environment, MINIO_IMAGES, signal)
  const { GenericContainer, Wait } = await load()
  const secret = randomBytes(18).toString('base64url')
  const container = await new GenericContainer(image)
    .withExposedPorts(9000)
    .withEnvironment({ MINIO_ROOT_USER: 'packline', MINIO_ROOT_PASSWORD: secret })
    .withEntrypoint(['/bin/sh', '-c'])
    // A folder below the objects is a bucket to MinIO; /tmp is there for whatever user it runs as.
    .withCommand([`mkdir -p /tmp/objects/${MINIO_BUCKET} && exec minio server /tmp/objects`])
    .withWaitStrategy(Wait.forHttp('/minio/health/ready', 9000))
    .withStartupTimeout(START_MS_MAX)
    .start()
  const place = `${container.getHost()}:${container.getMappedPort(9000)}`
  return {
    url: `s3+http://packline:${secret}@${place}/${MINIO_BUCKET}?region=us-east-1`,
    how: `container of ${image}`,
    stop: () => container.stop().then(() => {}),
  }
}

async function findImage(
  environment: Environment,
  images: string[],
  signal?: AbortSignal,
): Promise<string> {
  const engine = await findEngine(environment, signal)
  return await ensureImage(engine, images, { signal })
}

/** Loaded late: it takes half a second, and most machines have no engine. */
function load() {
  // The reaper is one more image to pull; we stop what we start.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'
  return import('testcontainers')
}
