/** Packline's own bounds. What the platform accepts stands in the profile, not here. */
export const LIMITS = {
  /** Inline sources: files and bytes of one build. */
  inlineFilesMax: 1000,
  inlineBytesMax: 4 * 1024 * 1024,
  /** Inline files beyond this go to the store before the 202. */
  inlineInRecordBytesMax: 16 * 1024,
  /** Files and folders of a draft; its bytes are the profile's to say (editorBytesMax). */
  draftEntriesMax: 5000,
  /** Rows of each kind in a comparison of two packages. */
  diffRowsMax: 2000,
  requestBodyBytesMax: 64 * 1024 * 1024,
  batchBuildsMax: 10_000,
  /** A webhook's payload: no provider sends more. */
  hookBodyBytesMax: 25 * 1024 * 1024,
  hooksMax: 1000,
  /** Of one tenant, expired ones too. */
  keysMax: 1000,
  /** Entries of a tenant's audit log; the oldest go. */
  auditEntriesKept: 10_000,
  deliveriesKept: 100,
  labelsMax: 20,
  /** Dependency packages that one request may name, whatever the profile allows. */
  dependenciesMax: 100,
  /** packline.yaml. */
  manifestBytesMax: 1024 * 1024,
  /** Folders outside a function's own whose change is one of it. */
  sharedPathsMax: 100,
  /** Of build.include and build.exclude. */
  patternsMax: 200,
  patternCharsMax: 256,
  listPageMax: 500,
  listPageDefault: 50,

  /** One chunk of log lines, one of them, and all that is kept of a build's. */
  logChunkBytesMax: 16 * 1024,
  logLineBytesMax: 8 * 1024,
  logBytesMax: 16 * 1024 * 1024,

  buildTimeoutMs: 15 * 60_000,
  buildTimeoutMsMax: 60 * 60_000,
  loadTimeoutMs: 30_000,
  /** A test's event and answer, as JSON; and the last lines that the handler printed. */
  testEventCharsMax: 64 * 1024,
  testAnswerCharsMax: 32 * 1024,
  testOutputLinesMax: 40,
  /** Entries of one archive, and how much more it may hold than its size. */
  archiveEntriesMax: 100_000,
  archiveRatioMax: 1100,
  /** A source up to this size that no tool touches stays in memory. */
  memoryTreeBytesMax: 4 * 1024 * 1024,

  /** A build whose queue no live worker takes fails after this. */
  noWorkerMs: 10 * 60_000,
  /** With backoffs of 1, 2, 4 and 8 s between them: a store that starts again is waited for. */
  attemptsMax: 5,
  /** Of those, what a server of the caller's gets: a name that was mistyped is told soon. */
  callerAttemptsMax: 3,
  /** Attempts that were begun, stalls included; the next one is not begun. */
  startedAttemptsMax: 5,
} as const
