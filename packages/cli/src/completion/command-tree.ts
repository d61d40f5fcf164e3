import type { Command } from 'commander'

/** A command as a shell completes it; the program itself has an empty path. */
export interface CompletedCommand {
  /** Such as `profile check`. */
  path: string
  about: string
  /** Names of the commands below it. */
  commands: string[]
  options: CompletedOption[]
  /** What its first argument may be, where that is a choice. */
  choices: readonly string[]
}

export interface CompletedOption {
  /** `--state`, and `-o` where there is one. */
  names: string[]
  about: string
  takesValue: boolean
  choices: readonly string[]
}

/** Every command below a program, and the program, each with what may follow it. */
export function commandTree(program: Command): CompletedCommand[] {
  return [completed(program, ''), ...below(program, '')]
}

function below(parent: Command, path: string): CompletedCommand[] {
  return parent.commands.flatMap((command) => {
    const own = path === '' ? command.name() : `${path} ${command.name()}`
    return [completed(command, own), ...below(command, own)]
  })
}

function completed(command: Command, path: string): CompletedCommand {
  const help = { names: ['--help', '-h'], about: 'show help', takesValue: false, choices: [] }
  const options = command.options.map((option) => ({
    names: [option.long, option.short].filter((name) => typeof name === 'string'),
    about: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  }))
  return {
    path,
    about: command.summary() || command.description(),
    commands: command.commands.map((one) => one.name()),
    options: [...options, help],
    choices: command.registeredArguments[0]?.argChoices ?? [],
  }
}
