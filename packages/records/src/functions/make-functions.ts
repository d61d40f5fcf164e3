import type { Context } from '../context.ts'
import { dropAlias, pointAlias } from './aliases.ts'
import { readDraft, saveDraft } from './drafts.ts'
import type { Functions } from './functions.ts'
import { listPackages, readAliases, readPackage } from './packages.ts'
import { dropFunction, putFunction } from './put-function.ts'
import { listFunctions, readFunction, readSettings } from './read-functions.ts'
import { keepSnapshot, readSnapshot } from './snapshots.ts'

export function makeFunctions(context: Context): Functions {
  return {
    put: (tenant, name, settings) => putFunction(context, tenant, name, settings),
    get: (tenant, name) => readFunction(context, tenant, name),
    settings: (tenant, name) => readSettings(context, tenant, name),
    list: (tenant, page = {}) => listFunctions(context, tenant, page),
    drop: (tenant, name) => dropFunction(context, tenant, name),
    draft: (tenant, name) => readDraft(context, tenant, name),
    saveDraft: (tenant, name, before, after) => saveDraft(context, tenant, name, before, after),
    snapshot: (tenant, name, version) => readSnapshot(context, tenant, name, version),
    keepSnapshot: (tenant, name, snapshot) => keepSnapshot(context, tenant, name, snapshot),
    packages: (tenant, name, page = {}) => listPackages(context, tenant, name, page),
    package: (tenant, name, which) => readPackage(context, tenant, name, which),
    aliases: (tenant, name) => readAliases(context, tenant, name),
    pointAlias: (tenant, name, alias, number) => pointAlias(context, tenant, name, alias, number),
    dropAlias: (tenant, name, alias) => dropAlias(context, tenant, name, alias),
  }
}
