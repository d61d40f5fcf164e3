import type {
  DraftArchive,
  DraftEntry,
  FunctionSettings,
  FunctionView,
  NumberedPackage,
  RuntimeName,
} from '@packline/shared'
import type { Page, PageOptions } from '../listing.ts'

/** The online files of a function, by path; `archive` stands for files that are not opened. */
export interface Draft {
  /** Of the function as it was then. */
  runtime: RuntimeName
  version: number
  entries: ReadonlyMap<string, DraftEntry>
  archive?: DraftArchive
}

/** What a change puts in place of the entries that were read. */
export type DraftContent = Pick<Draft, 'entries' | 'archive'>

/** The archive that was made of a version of a draft. */
export interface Snapshot {
  version: number
  sha256: string
  size: number
}

/**
 * Registered functions: settings, online files, numbered packages and aliases. Calls answer
 * NOT_FOUND for a function that is not there, or another tenant's.
 */
export interface Functions {
  /** CONFLICT where it has online files and its new runtime can not be edited online. */
  put(tenant: string, name: string, settings: FunctionSettings): Promise<'created' | 'changed'>
  get(tenant: string, name: string): Promise<FunctionView>
  settings(tenant: string, name: string): Promise<FunctionSettings>
  /** By name. */
  list(tenant: string, page?: PageOptions): Promise<Page<FunctionView>>
  /**
   * Its packages stay with their numbers, should it be registered again. CONFLICT while an alias
   * that was set by hand points to one.
   */
  drop(tenant: string, name: string): Promise<void>

  draft(tenant: string, name: string): Promise<Draft>
  /**
   * One script, all or nothing: the new version, or undefined where the draft is no longer the one
   * that the change was made on.
   */
  saveDraft(
    tenant: string,
    name: string,
    before: Draft,
    after: DraftContent,
  ): Promise<number | undefined>
  /** The archive of this very version, where one was made within the day. */
  snapshot(tenant: string, name: string, version: number): Promise<Snapshot | undefined>
  keepSnapshot(tenant: string, name: string, snapshot: Snapshot): Promise<void>

  /** Newest first. */
  packages(tenant: string, name: string, page?: PageOptions): Promise<Page<NumberedPackage>>
  /** By its number or an alias. */
  package(tenant: string, name: string, which: number | string): Promise<NumberedPackage>
  aliases(tenant: string, name: string): Promise<Record<string, number>>
  pointAlias(tenant: string, name: string, alias: string, number: number): Promise<void>
  dropAlias(tenant: string, name: string, alias: string): Promise<void>
}
