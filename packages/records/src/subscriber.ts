import type { Redis } from 'ioredis'

/** `undefined`: something may have been missed; read again. */
export type Listener = (message: string | undefined) => void

/**
 * One connection of a process for all that is published. Listeners hear the messages of one topic
 * (the first word of a message) or, with '*', all of a channel.
 */
export interface Subscriber {
  listen(channel: string, topic: string, listener: Listener): () => void
  close(): void
}

type Topics = Map<string, Set<Listener>>

/** The connection is made with the first listener, by duplicating the one for commands. */
export function makeSubscriber(redis: Redis): Subscriber {
  const channels = new Map<string, Topics>()
  let connection: Redis | undefined
  return {
    listen(channel, topic, listener) {
      const known = channels.get(channel)
      const topics: Topics = known ?? new Map()
      const listeners = topics.get(topic) ?? new Set()
      channels.set(channel, topics)
      topics.set(topic, listeners.add(listener))
      connection ??= connect(redis, channels)
      if (!known && connection.status === 'ready') subscribe(connection, channels)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic)
      }
    },
    close() {
      connection?.disconnect()
      channels.clear()
    },
  }
}

function connect(redis: Redis, channels: Map<string, Topics>): Redis {
  const connection = redis.duplicate({
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
    // ioredis' own way throws into the void when the connection is cut meanwhile, and does not say
    // from when on it is subscribed.
    autoResubscribe: false,
    lazyConnect: false,
  })
  // ioredis throws where nobody listens; a lost connection is made again, and then all is read.
  connection.on('error', () => undefined)
  connection.on('ready', () => subscribe(connection, channels))
  connection.on('message', (channel: string, message: string) => {
    const topics = channels.get(channel)
    if (topics) dispatch(topics, message)
  })
  return connection
}

/** What was published before the subscription has to be read. A cut one is made again on ready. */
function subscribe(connection: Redis, channels: Map<string, Topics>): void {
  connection.subscribe(...channels.keys()).then(
    () => {
      for (const topics of channels.values()) tellAll(topics)
    },
    () => undefined,
  )
}

function dispatch(topics: Topics, message: string): void {
  const end = message.indexOf(' ')
  const topic = end === -1 ? message : message.slice(0, end)
  for (const listener of topics.get(topic) ?? []) listener(message)
  for (const listener of topics.get('*') ?? []) listener(message)
}

function tellAll(topics: Topics): void {
  for (const listeners of topics.values()) {
    for (const listener of listeners) listener(undefined)
  }
}
