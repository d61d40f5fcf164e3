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

/** The connection is made with the first listener, by duplicating the one for commands. */
export function makeSubscriber(redis: Redis): Subscriber {
  const channels = new Map<string, Map<string, Set<Listener>>>()
  let connection: Redis | undefined

  const everyone = () => {
    for (const topics of channels.values()) tellAll(topics)
  }
  const hear = (channel: string, message: string) => {
    const topics = channels.get(channel)
    if (topics) dispatch(topics, message)
  }
  const open = () => {
    connection ??= connect(redis, hear, everyone)
    return connection
  }
  return {
    listen(channel, topic, listener) {
      let topics = channels.get(channel)
      if (!topics) {
        topics = new Map()
        channels.set(channel, topics)
        // Once it is subscribed, what was published in between has to be read.
        open()
          .subscribe(channel)
          .then(everyone, () => undefined)
      }
      const listeners = topics.get(topic) ?? new Set()
      topics.set(topic, listeners.add(listener))
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

function connect(
  redis: Redis,
  hear: (channel: string, message: string) => void,
  everyone: () => void,
): Redis {
  const connection = redis.duplicate({
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
    autoResubscribe: true,
    lazyConnect: false,
  })
  // ioredis throws where nobody listens; a lost connection is made again, and then all is read.
  connection.on('error', () => undefined)
  connection.on('message', hear)
  connection.on('ready', everyone)
  return connection
}

function dispatch(topics: Map<string, Set<Listener>>, message: string): void {
  const end = message.indexOf(' ')
  const topic = end === -1 ? message : message.slice(0, end)
  for (const listener of topics.get(topic) ?? []) listener(message)
  for (const listener of topics.get('*') ?? []) listener(message)
}

function tellAll(topics: Map<string, Set<Listener>>): void {
  for (const listeners of topics.values()) {
    for (const listener of listeners) listener(undefined)
  }
}
