import type { CompletedCommand, CompletedOption } from './command-tree.ts'
import type { Shell } from './shells.ts'

/** A script that completes commands, options and choices; elsewhere the shell's own files. */
export function writeScript(shell: Shell, tree: readonly CompletedCommand[]): string {
  return SCRIPTS[shell](tree)
}

const SCRIPTS: Record<Shell, (tree: readonly CompletedCommand[]) => string> = {
  bash: (tree) => [BASH_START, readCommand(tree), words(tree), BASH_END].join(''),
  zsh: (tree) => [ZSH_START, readCommand(tree), words(tree), ZSH_END].join(''),
  fish: (tree) => `${[fishStart(tree), ...tree.flatMap(fishLines)].join('\n')}\n`,
}

/** Both shells read the same two tables: what follows a command, and what an option may be. */
function words(tree: readonly CompletedCommand[]): string {
  const values = tree.flatMap(({ path, options }) =>
    options.flatMap(({ names, choices }) =>
      choices.length === 0 ? [] : names.map((name) => [`${path} ${name}`, choices.join(' ')]),
    ),
  )
  const follow = tree.map(({ path, commands, options, choices }) => {
    const names = options.flatMap(({ names }) => names)
    return [path, [...commands, ...choices].join(' '), names.join(' ')] as const
  })
  const valueCases = values.map(([key, text]) => `    "${key}") choices="${text}" ;;`)
  const withFiles = tree.flatMap(({ options }) =>
    options
      .filter(({ takesValue, choices }) => takesValue && choices.length === 0)
      .flatMap(({ names }) => names),
  )
  const followCases = follow.map(
    ([path, plain, options]) => `    "${path}") plain="${plain}" options="${options}" ;;`,
  )
  return `  case "$command $previous" in
${valueCases.join('\n')}
  esac
  case "$previous" in
    ${[...new Set(withFiles)].join('|')}) [ -n "$choices" ] || files=1 ;;
  esac
  case "$command" in
${followCases.join('\n')}
  esac
`
}

/** The command: the words before the current one that are no options, as far as they are known. */
function readCommand(tree: readonly CompletedCommand[]): string {
  const parents = tree.filter(({ path, commands }) => path !== '' && commands.length > 0)
  return `    case "$word" in
      -*) ;;
      *) case "$command" in
        "") command="$word" ;;
        ${parents.map(({ path }) => `"${path}"`).join('|')}) command="$command $word" ;;
      esac ;;
    esac
  done
`
}

const CHOOSE = `  if [ -z "$choices" ] && [ -z "$files" ]; then
    case "$current" in
      -*) choices="$options" ;;
      *) choices="$plain" ;;
    esac
  fi
`

const LOCALS = 'local command="" choices="" files="" plain="" options="" word'

const BASH_START = `_packline() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  ${LOCALS}
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
`
const BASH_END = `${CHOOSE}  COMPREPLY=($(compgen -W "$choices" -- "$current"))
}
complete -o default -F _packline packline
`

const ZSH_START = `#compdef packline
_packline() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}"
  ${LOCALS}
  for word in "\${(@)words[2,CURRENT-1]}"; do
`
const ZSH_END = `${CHOOSE}  if [ -n "$choices" ]; then compadd -- \${=choices}; else _files; fi
}
if [ "\${funcstack[1]}" = _packline ]; then _packline "$@"; else compdef _packline packline; fi
`

/** Whether the words before the current one come to this command and to none below it. */
function fishStart(tree: readonly CompletedCommand[]): string {
  const parents = tree.filter(({ path, commands }) => path !== '' && commands.length > 0)
  return `complete -c packline -e
function __packline_at
  set -l command
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; and continue
    switch "$command"
      case ''
        set command $word
      case ${parents.map(({ path }) => quoted(path)).join(' ')}
        set command "$command $word"
    end
  end
  test "$command" = "$argv"
end`
}

function fishLines(
  { path, commands, choices, options }: CompletedCommand,
  _place: number,
  tree: readonly CompletedCommand[],
): string[] {
  const here = quoted(`__packline_at ${path}`.trimEnd())
  const below = commands.map((name) => {
    const about = tree.find((one) => one.path === `${path} ${name}`.trimStart())?.about ?? ''
    return `complete -c packline -n ${here} -f -a ${name} -d ${quoted(about)}`
  })
  const chosen =
    choices.length === 0
      ? []
      : [`complete -c packline -n ${here} -f -a ${quoted(choices.join(' '))}`]
  return [...below, ...chosen, ...options.map((option) => fishOption(option, here))]
}

function fishOption({ names, about, takesValue, choices }: CompletedOption, here: string): string {
  const flags = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  )
  const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : ''
  return `complete -c packline -n ${here} ${flags.join(' ')}${value} -d ${quoted(about)}`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
