/** Whether an id is a batch's: its first letters say so. */
export function isBatch(id: string): boolean {
  return id.startsWith('batch')
}
