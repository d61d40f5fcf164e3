export type * from './build-record.ts'
export type * from './listing.ts'
export type * from './outcome.ts'
export type * from './records.ts'
