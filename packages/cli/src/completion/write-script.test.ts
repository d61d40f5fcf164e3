import { Argument, Command, Option } from 'commander'
import { describe, expect, test } from 'vitest'
import { commandTree } from './command-tree.ts'
import { writeScript } from './write-script.ts'

const program = new Command('packline').option('-v, --verbose', "says more than it's asked")
program
  .command('list')
  .summary('lists things')
  .addOption(new Option('--state <state>', 'of them').choices(['new', 'old']))
  .option('-o, --output <path>', 'where to')
program
  .command('group')
  .command('show')
  .addArgument(new Argument('<what>').choices(['this', 'that']))
program.commands[1]?.command('deep').command('deeper')
const tree = commandTree(program)

test('the tree has every command with what may follow it', () => {
  expect(tree.map(({ path }) => path)).toEqual([
    '',
    'list',
    'group',
    'group show',
    'group deep',
    'group deep deeper',
  ])
  const [root, list, group, show] = tree
  expect(root?.commands).toEqual(['list', 'group'])
  expect(list).toMatchObject({ about: 'lists things', commands: [], choices: [] })
  expect(list?.options).toMatchObject([
    { names: ['--state'], takesValue: true, choices: ['new', 'old'] },
    { names: ['--output', '-o'], takesValue: true, choices: [] },
    { names: ['--help', '-h'], takesValue: false },
  ])
  expect(group?.commands).toEqual(['show', 'deep'])
  expect(show?.choices).toEqual(['this', 'that'])
})

describe('a script', () => {
  test.each(['bash', 'zsh'] as const)('for %s knows commands, choices and files', (shell) => {
    const text = writeScript(shell, tree)
    expect(text).toContain('"list --state") choices="new old" ;;')
    expect(text).toContain('--output|-o) [ -n "$choices" ] || files=1 ;;')
    expect(text).toContain('        "group"|"group deep") command="$command $word" ;;')
    expect(text).toContain('"group show") plain="this that" options="--help -h" ;;')
  })

  test('for fish has a line for each, with quotes that it reads', () => {
    const lines = writeScript('fish', tree).split('\n')
    expect(lines).toContain("complete -c packline -n '__packline_at' -f -a list -d 'lists things'")
    expect(lines).toContain(
      "complete -c packline -n '__packline_at list' -l state -x -a 'new old' -d 'of them'",
    )
    expect(lines).toContain("complete -c packline -n '__packline_at group show' -f -a 'this that'")
    expect(lines).toContain("complete -c packline -n '__packline_at group deep' -f -a deeper -d ''")
    expect(lines).toContain("      case 'group' 'group deep'")
    expect(lines).toContain(
      "complete -c packline -n '__packline_at' -l verbose -s v -d 'says more than it\\'s asked'",
    )
  })
})
