import { Socket } from 'node:net'

export interface Watch {
  /** `address:port` of every connection that this process has begun. */
  begun: string[]
  end(): void
}

/** Sees every TCP connection of this process where it is begun, whichever library makes it. */
export function watchConnections(): Watch {
  const begun: string[] = []
  const own = Socket.prototype.connect
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    this.on('connectionAttempt', (address: string, port: number) =>
      begun.push(`${address}:${port}`),
    )
    return Reflect.apply(own, this, given)
  } as typeof own
  return {
    begun,
    end: () => {
      Socket.prototype.connect = own
    },
  }
}
