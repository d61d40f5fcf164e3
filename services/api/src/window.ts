import type { Records } from '@packline/records'

const WINDOW_MIN = 100
const WINDOW_PER_SLOT = 4
const REMEMBERED_MS = 2000

/**
 * A tenant's window: four times what the farm does at once, so that ten thousand builds of one
 * tenant hold another up by a window at most and no worker ever waits for work.
 */
export function tenantWindow(records: Pick<Records, 'listWorkers'>): () => Promise<number> {
  let known: { until: number; window: Promise<number> } | undefined
  return () => {
    if (!known || known.until < Date.now()) {
      known = { until: Date.now() + REMEMBERED_MS, window: ask(records) }
    }
    return known.window
  }
}

async function ask(records: Pick<Records, 'listWorkers'>): Promise<number> {
  const workers = await records.listWorkers()
  const slots = workers.reduce((sum, worker) => sum + worker.buildsMax, 0)
  return Math.max(WINDOW_MIN, WINDOW_PER_SLOT * slots)
}
