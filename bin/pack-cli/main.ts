import path from 'node:path'
import process from 'node:process'
import { exitWithParent } from '@packline/setup'
import { packCli } from './pack-cli.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** `npm run pack:cli [-- FOLDER]`: prints the path of the package that npm can install. */
exitWithParent()
const [folder = path.join(ROOT, '.local', 'cli')] = process.argv.slice(2)
const made = await packCli(ROOT, path.resolve(folder), process.env)
process.stdout.write(`${made}\n`)
