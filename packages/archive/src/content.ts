/** Where an archive's bytes are: in memory, or in a file that does not change while it is open. */
export type ArchiveContent = { bytes: Buffer } | { path: string }
