/** Where an archive's bytes are: whole in memory, or a file that does not change while it is open. */
export type ArchiveContent = { bytes: Buffer } | { path: string }
