import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type CompletingShell = 'bash' | 'zsh' | 'fish'

/** Runs its function with what was typed, as if the tabulator had been pressed behind it. */
const BASH = `source "$1"
COMP_WORDS=("\${@:2}"); COMP_CWORD=$(($# - 2))
_packline; printf '%s\\n' "\${COMPREPLY[@]}"
# What it was registered with stands in for it where it has nothing to say.
[ "\${#COMPREPLY[@]}" -gt 0 ] || compgen -o default -- "\${@: -1}"`

const FISH = 'source $argv[1]; complete -C "$argv[2..-1]"'

/**
 * Types on a terminal, where the shell's own completion is at work; what that offers is written
 * down on its way to the list below the line. Before the prompt is there a terminal would take the
 * key that empties the line for its own.
 */
const ZSH = `zmodload zsh/zpty
zpty typed zsh -f -i
zpty -w typed "autoload -Uz compinit; compinit -u -D; source \${(q)1}"
zpty -w typed 'compadd() {
  local -a hits; builtin compadd -A hits "$@"; print -rl -- $hits >&3; builtin compadd "$@"
}'
zpty -w typed "exec 3>>\${(q)2}; PROMPT=rea; PROMPT+='dy> '"
zpty -r typed shown '*ready> *'
zpty -w -n typed "\${@[3,-1]}"$'\\t\\x15'
zpty -w typed exit
while zpty -r typed shown; do :; done
cat -- "$2"`

/** What a shell that has read the script offers for the last of the words, in its own order. */
export async function shellOffers(
  shell: CompletingShell,
  script: string,
  words: readonly string[],
  cwd: string,
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'packline-shell-'))
  try {
    const file = join(folder, 'script')
    const heard = join(folder, 'heard')
    await Promise.all([writeFile(file, script), writeFile(heard, '')])
    const ARGUMENTS = {
      bash: ['-c', BASH, 'bash', file, ...words],
      zsh: ['-f', '-c', ZSH, 'zsh', file, heard, ...words],
      fish: ['--no-config', '-c', FISH, file, ...words],
    }
    // None of a user's own settings, and none that a shell would leave behind.
    const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8', TERM: 'dumb' }
    const options = { cwd, env, encoding: 'utf8', timeout: 30_000 } as const
    const { status, stdout, stderr } = spawnSync(shell, ARGUMENTS[shell], options)
    if (status !== 0 || stderr !== '') throw new Error(`${shell} ended with ${status}: ${stderr}`)
    // Fish says behind a tabulator what each is for; zsh says files twice.
    const offered = stdout.split('\n').map((one) => one.split('\t')[0] ?? '')
    return [...new Set(offered)].filter((one) => one !== '')
  } finally {
    await rm(folder, { recursive: true })
  }
}
