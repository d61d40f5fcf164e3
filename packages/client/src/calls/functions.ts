import type { Readable } from 'node:stream'
import type {
  Accepted,
  FunctionBuildInput,
  FunctionPutInput,
  FunctionView,
  RuntimeName,
  Template,
} from '@packline/shared'
import type { Connection } from '../connection.ts'
import { inQuery, type Keyed, type Listed, path, type Query, send } from './asked.ts'

export interface FunctionCalls {
  /** Registers a function, or says anew what it is: what is not said is not set. */
  putFunction(name: string, settings: FunctionPutInput): Promise<FunctionView>
  function(name: string): Promise<FunctionView>
  functions(query?: Query): Promise<Listed<FunctionView>>
  /** With its online files and aliases; its packages stay. */
  removeFunction(name: string): Promise<{ deleted: string }>
  /** With the function's settings; of its draft, unless the request names another source. */
  buildFunction(name: string, request?: FunctionBuildInput, options?: Keyed): Promise<Accepted>
  templates(): Promise<{ items: Template[] }>
  /** The first files of a runtime as a ZIP. */
  downloadTemplate(
    runtime: RuntimeName,
    query?: { type?: 'event' | 'http' },
    signal?: AbortSignal,
  ): Promise<Readable>
}

export function functionCalls(server: Connection): FunctionCalls {
  const one = (name: string) => path`/v1/functions/${name}`
  return {
    putFunction: (name, settings) => send(server, 'PUT', one(name), settings),
    function: (name) => server.json(one(name)),
    functions: (query) => server.json(`/v1/functions${inQuery(query)}`),
    removeFunction: (name) => server.json(one(name), { method: 'DELETE' }),
    buildFunction: (name, request = {}, keyed) =>
      send(server, 'POST', `${one(name)}/builds`, request, keyed),
    templates: () => server.json('/v1/templates'),
    downloadTemplate: async (runtime, query, signal) => {
      const asked = `${path`/v1/templates/${runtime}/package`}${inQuery(query)}`
      return (await server.ask(asked, { signal })).body
    },
  }
}
