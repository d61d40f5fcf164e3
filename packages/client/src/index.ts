export { type BatchChange, type Client, packlineClient, type Submitted } from './client.ts'
