import type { Context } from '../context.ts'
import { acceptExpansion } from './accept-expansion.ts'
import { buildExpansion } from './build-expansion.ts'
import type { Expansions } from './expansions.ts'
import { expansionOfBatch, readExpansion } from './read-expansion.ts'
import { beginExpansion, endExpansion, pinExpansion } from './run-expansion.ts'

export function makeExpansions(context: Context): Expansions {
  return {
    accept: (spec, options) => acceptExpansion(context, spec, options),
    begin: (id, worker) => beginExpansion(context, id, worker),
    build: (expansion, builds) => buildExpansion(context, expansion, builds),
    pin: (id, attempt, commit) => pinExpansion(context, id, attempt, commit),
    finish: (id, attempt, outcome) => endExpansion(context, id, attempt, outcome),
    get: (tenant, id) => readExpansion(context, tenant, id),
    ofBatch: (tenant, batch) => expansionOfBatch(context, tenant, batch),
  }
}
