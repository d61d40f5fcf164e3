import type { Command } from 'commander'
import { commandTree } from '../completion/command-tree.ts'
import type { Shell } from '../completion/shells.ts'
import { writeScript } from '../completion/write-script.ts'
import type { Terminal } from '../terminal.ts'

/** `packline completion`: a script for the shell, made of the commands that there are. */
export async function completion(
  { stdout }: Terminal,
  program: Command,
  shell: Shell,
): Promise<number> {
  stdout.write(writeScript(shell, commandTree(program)))
  return 0
}
