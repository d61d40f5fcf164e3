export type { Keyed, Listed, Query } from './calls/asked.ts'
export { type Client, packlineClient } from './client.ts'
