import type { ToolCommand } from './command.ts'

/** What people call a command: its program's name, without the path. */
export function nameOf({ argv: [file = 'a command'] }: Pick<ToolCommand, 'argv'>): string {
  return file.slice(file.lastIndexOf('/') + 1)
}
