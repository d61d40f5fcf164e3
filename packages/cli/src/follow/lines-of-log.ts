import type { Client } from '@packline/client'

/** A build's log line by line as it comes, however the server cuts it. */
export async function* linesOfLog(
  client: Pick<Client, 'logEvents'>,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let rest = ''
  for await (const { text } of client.logEvents(id, signal)) {
    const pieces = (rest + text).split('\n')
    rest = pieces.pop() ?? ''
    yield* pieces
  }
  if (rest !== '') yield rest
}
