import { RULE_IDS } from '@packline/shared'
import { Argument, type Command, Option } from 'commander'
import { FORMATS } from '../audit/formats.ts'
import { describing, making } from './function-options.ts'
import { more } from './option-values.ts'
import type { Run } from './run.ts'
import { entryNameEncoding } from './source-options.ts'

/** What needs no server: pack, check, audit, explain, profile. */
export function localCommands(program: Command, run: Run): void {
  here(making(describing(program.command('pack'))))
    .summary('package a folder here, without a server')
    .description('Packages the function in a folder and proves the package; needs no server.')
    .argument('<folder>', 'the folder with the code of one function')
    .option('-o, --output <path>', 'where the package goes (default: NAME.zip or NAME.jar here)')
    .option('--sbom <file>', 'write what lies in the package, CycloneDX 1.6 ("-": to stdout)')
    .option('--configuration <file>', 'write what the platform is told beside the package')
    .option('--deployment <file>', "write ready bodies for the platform's calls")
    .action(run(async () => (await import('../commands/pack.ts')).pack))
  here(describing(program.command('check'), 'the archive gate alone'))
    .summary('check an archive or a finished package')
    .description('Runs the archive gate and, with --runtime and --handler, every rule.')
    .argument('<archive>', 'a ZIP or a JAR')
    .option('--archive-only', 'the archive gate alone')
    .addOption(entryNameEncoding())
    .option('--no-load', 'do not load it')
    .action(run(async () => (await import('../commands/check.ts')).check))
  here(describing(program.command('audit')))
    .summary('check packages that exist already')
    .description('Checks every package below a folder or s3://bucket/prefix, and changes nothing.')
    .argument('<place>', 'a folder, or s3://bucket/prefix on the server of PACKLINE_STORE_URL')
    .option('--manifest <file>', 'functions by name (default: packline.yaml in the folder)')
    .addOption(new Option('--format <format>').choices(FORMATS).default('table'))
    .option('--load', 'load each of them as well, which takes a second or so', false)
    .addHelpText('after', '\n--handler may hold {name}: the name of the package without .zip.')
    .action(run(async () => (await import('../commands/audit.ts')).audit))
  program
    .command('explain')
    .summary('say what a rule asks for, and how to keep it')
    .description('Prints what the documentation says of rules that a finding names.')
    .addArgument(new Argument('<rule...>', 'such as handler-exists').choices(RULE_IDS))
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/explain.ts')).explain))
  program
    .command('profile')
    .description('Looks at platform profiles.')
    .command('check')
    .description('Checks a platform profile, and prints what it says.')
    .argument('<profile>', 'the name of one that is shipped, or a file')
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/profile-check.ts')).profileCheck))
}

function here(command: Command): Command {
  return command
    .option('--dependency <zip>', 'a dependency package to attach; once for each', more, [])
    .option('--profile <profile>', 'platform profile: a name or a file', 'ctyun-functiongraph')
}
