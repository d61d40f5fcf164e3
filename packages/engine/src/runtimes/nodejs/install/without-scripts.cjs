// Runs inside the sandbox, before Yarn 1. Scripts are all that it gives to a shell: each of them
// becomes a program that does nothing. Git itself is started without one.
const child = require('node:child_process')

const { spawn } = child
child.spawn = (file, argv, options) =>
  options?.shell
    ? spawn('/usr/bin/true', [], { ...options, shell: false })
    : spawn(file, argv, options)
