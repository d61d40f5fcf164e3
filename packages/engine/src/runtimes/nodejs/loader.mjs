// Runs inside the sandbox, by whatever Node.js is there: loads a handler as the platform does and
// answers in one line. argv: the handler's file without extension, then the functions it must have.
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const token = process.env.PACKLINE_TOKEN
delete process.env.PACKLINE_TOKEN
const [file, ...names] = process.argv.slice(2)

function answer(result) {
  process.stdout.write(`\n${token} ${JSON.stringify(result)}\n`, () => process.exit(0))
}

function fault(error) {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const place = /\(?(?:file:\/\/)?\/[^\s()]*?code\/([^\s():]+):(\d+)/.exec(String(error?.stack))
  answer({
    ok: false,
    message: message.slice(0, 3000),
    path: place?.[1],
    line: place ? Number(place[2]) : undefined,
  })
}

process.on('uncaughtException', fault)
process.on('unhandledRejection', fault)
const found = ['js', 'mjs', 'cjs'].map((end) => `${process.cwd()}/${file}.${end}`).find(existsSync)
try {
  const module = await import(pathToFileURL(found).href)
  const absent = names.find(
    (name) => typeof (module[name] ?? module.default?.[name]) !== 'function',
  )
  if (absent === undefined) answer({ ok: true })
  else answer({ ok: false, message: `it exports no function "${absent}"` })
} catch (error) {
  fault(error)
}
