import type { Command } from 'commander'
import type { Run } from './run.ts'

/** Which server commands ask: login, logout, whoami. */
export function sessionCommands(program: Command, run: Run): void {
  const load = () => import('../commands/login.ts')
  program
    .command('login')
    .summary('remember a server and a key')
    .description(
      'Keeps a server and a key for this user, once the server has taken the key. Without --key\n' +
        'the key is asked for, or read from the standard input. PACKLINE_URL and PACKLINE_KEY win.',
    )
    .argument('<url>', 'such as http://127.0.0.1:8080')
    .option('--key <key>', 'others on this machine can see it while the command runs')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).login))
  program
    .command('logout')
    .description('Forgets the server and the key.')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).logout))
  program
    .command('whoami')
    .description('Says which server is asked, by which key, and that it answers.')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).whoami))
}
