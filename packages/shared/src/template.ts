import * as z from 'zod'
import { RUNTIME_NAMES, RUNTIMES, type RuntimeName } from './runtimes.ts'
import { CUSTOM_BOOTSTRAP } from './templates/custom.ts'
import { GO_MODULE, GO_PLUGIN } from './templates/go.ts'
import { JAVA_CLASS } from './templates/java.ts'
import { NODEJS_EVENT, NODEJS_HTTP_BOOTSTRAP, NODEJS_HTTP_SERVER } from './templates/nodejs.ts'
import { PYTHON_EVENT } from './templates/python.ts'

const file = z.object({ text: z.string(), executable: z.boolean() })

/** First files of a function, which are built and loaded as they are. */
export const templateSchema = z
  .object({
    runtime: z.enum(RUNTIME_NAMES),
    type: z.enum(['event', 'http']),
    /** What fits the files; an HTTP function has none. */
    handler: z.string().optional(),
    initializer: z.string().optional(),
    /** false: compiled, to be edited on one's own machine. */
    onlineEdit: z.boolean(),
    files: z.record(z.string(), file),
  })
  .meta({ id: 'Template' })

export type Template = z.output<typeof templateSchema>

export const templateParameter = z.object({ runtime: z.enum(RUNTIME_NAMES) })
export const templateQuery = z.object({ type: z.enum(['event', 'http']).default('event') })

const plain = (text: string) => ({ text, executable: false })
const program = (text: string) => ({ text, executable: true })

/** Their texts are those of `examples/`, which a test holds them to. */
export const TEMPLATES: readonly Template[] = [
  template('nodejs', 'event', { 'index.js': plain(NODEJS_EVENT) }, 'index.handler'),
  template('nodejs', 'http', {
    bootstrap: program(NODEJS_HTTP_BOOTSTRAP),
    'server.js': plain(NODEJS_HTTP_SERVER),
  }),
  {
    ...template('python', 'event', { 'index.py': plain(PYTHON_EVENT) }, 'index.handler'),
    initializer: 'index.initializer',
  },
  {
    ...template(
      'java',
      'event',
      { 'src/com/example/Hello.java': plain(JAVA_CLASS) },
      'com.example.Hello.handle',
    ),
    initializer: 'com.example.Hello.initialize',
  },
  template(
    'go',
    'event',
    { 'go.mod': plain(GO_MODULE), 'hello.go': plain(GO_PLUGIN) },
    'hello.Handler',
  ),
  template('custom', 'event', { bootstrap: program(CUSTOM_BOOTSTRAP) }, 'hello'),
]

/** Undefined where there is none for HTTP functions of the runtime. */
export function templateOf(
  runtime: RuntimeName,
  type: 'event' | 'http' = 'event',
): Template | undefined {
  return TEMPLATES.find((one) => one.runtime === runtime && one.type === type)
}

function template(
  runtime: RuntimeName,
  type: 'event' | 'http',
  files: Template['files'],
  handler?: string,
): Template {
  return { runtime, type, handler, onlineEdit: RUNTIMES[runtime].onlineEdit, files }
}
