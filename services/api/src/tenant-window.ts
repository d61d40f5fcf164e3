import { type Records, windowOf } from '@packline/records'

/** The farm changes slowly: it is looked at this often at most. */
const REMEMBERED_MS = 2000

/**
 * A tenant's window, so that ten thousand builds of one tenant hold another up by a window at most.
 * A look that failed is not remembered: when Redis is back, so are we.
 */
export function tenantWindow(records: Pick<Records, 'listWorkers'>): () => Promise<number> {
  let known: { until: number; window: Promise<number> } | undefined
  return () => {
    if (known && known.until > Date.now()) return known.window
    const window = records.listWorkers().then(windowOf)
    const mine = { until: Date.now() + REMEMBERED_MS, window }
    known = mine
    window.catch(() => {
      if (known === mine) known = undefined
    })
    return window
  }
}
