import type { BuildRequestInput } from '@packline/shared'
import type { NeedName } from '../../harness/needs.ts'
import { processorJar } from './processor-jar.ts'

type Files = Extract<BuildRequestInput['source'], { kind: 'inline' }>['files']

/** How a build comes to run a script: as a package or a build script of the kind that it names. */
interface Carrier {
  needs: readonly NeedName[]
  /** Where its stage or check has a network: the registries' only. */
  network: 'none' | 'registries'
  request(): Omit<BuildRequestInput, 'function' | 'source'>
  files(script: string): Files
}

const HELLO = `package com.example;
public class Hello { public String handle(String event) { return event; } }
`
const JAVA = { runtime: 'java', version: '17', handler: 'com.example.Hello.handle' } as const
const NODE = { runtime: 'nodejs', handler: 'index.handler' } as const
const PYTHON = { runtime: 'python', handler: 'index.handler' } as const
const CUSTOM = { runtime: 'custom', handler: 'any' } as const
const BOOTSTRAP = '#!/bin/sh\n'

export const CARRIERS = named({
  'npm install script': {
    needs: ['npm'],
    network: 'registries',
    request: () => ({ ...NODE, build: { installScripts: true } }),
    files: (script) => ({
      'package.json': JSON.stringify({ name: 'shop', dependencies: { evil: 'file:./evil' } }),
      'index.js': `const { readFileSync } = require('node:fs')
console.log(readFileSync(__dirname + '/node_modules/evil/found.txt', 'utf8'))
exports.handler = () => 1
`,
      'evil/package.json': JSON.stringify({
        name: 'evil',
        version: '1.0.0',
        scripts: { postinstall: 'sh probe.sh > found.txt 2>&1' },
      }),
      'evil/probe.sh': script,
    }),
  },
  'setup.py': {
    needs: ['pip'],
    network: 'registries',
    request: () => PYTHON,
    files: (script) => ({
      'requirements.txt': './evil\n',
      'index.py':
        'import found\nprint(found.TEXT)\n\n\ndef handler(event, context):\n    return 1\n',
      'evil/setup.py': `import subprocess
from setuptools import setup
done = subprocess.run(['sh', 'probe.sh'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
with open('found.py', 'w') as file:
    file.write('TEXT = %r\\n' % done.stdout.decode())
setup(name='evil', version='1.0', py_modules=['found'])
`,
      'evil/probe.sh': script,
    }),
  },
  "pip's build backend": {
    needs: ['pip'],
    network: 'registries',
    request: () => PYTHON,
    files: (script) => ({
      'requirements.txt': './evil\n',
      'index.py':
        'import found\nprint(found.TEXT)\n\n\ndef handler(event, context):\n    return 1\n',
      'evil/pyproject.toml':
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
      'evil/backend.py': BACKEND,
      'evil/probe.sh': script,
    }),
  },
  'Maven plugin': {
    needs: ['java', 'maven'],
    network: 'registries',
    request: () => JAVA,
    files: (script) => ({
      'pom.xml': POM,
      'src/main/java/com/example/Hello.java': HELLO,
      'probe.sh': script,
    }),
  },
  'Gradle script': {
    needs: ['java', 'gradle'],
    network: 'registries',
    request: () => JAVA,
    files: (script) => ({
      'settings.gradle': "rootProject.name = 'hello'\n",
      'build.gradle': `apply plugin: 'java'
def probe = ['sh', 'probe.sh'].execute(null, projectDir)
println probe.text
`,
      'src/main/java/com/example/Hello.java': HELLO,
      'probe.sh': script,
    }),
  },
  'annotation processor': {
    needs: ['java'],
    network: 'none',
    request: () => JAVA,
    files: (script) => ({
      'lib/processor.jar': { base64: processorJar().toString('base64') },
      'Hello.java': HELLO,
      'probe.sh': script,
    }),
  },
  'build.command': {
    needs: [],
    network: 'none',
    request: () => ({ ...CUSTOM, build: { command: ['sh', 'build.sh'] } }),
    files: (script) => ({
      'probe.sh': script,
      'start.sh': BOOTSTRAP,
      'build.sh': 'sh probe.sh\ncp start.sh "$PACKLINE_OUTPUT/bootstrap"\n',
    }),
  },
  Makefile: {
    needs: ['make'],
    network: 'none',
    request: () => CUSTOM,
    files: (script) => ({
      'probe.sh': script,
      'start.sh': BOOTSTRAP,
      Makefile: 'build:\n\t@sh probe.sh\n\t@cp start.sh "$$PACKLINE_OUTPUT/bootstrap"\n',
    }),
  },
  "Node.js handler's module": {
    needs: [],
    network: 'none',
    request: () => NODE,
    files: (script) => ({
      'index.js': `const { dirname } = require('node:path')
const { spawnSync } = require('node:child_process')
const PATH = dirname(process.execPath) + ':/usr/bin:/bin'
spawnSync('/bin/sh', ['-c', ${JSON.stringify(script)}], { env: { ...process.env, PATH }, stdio: 'inherit' })
exports.handler = () => 1
`,
    }),
  },
  "Python handler's import": {
    needs: ['python'],
    network: 'none',
    request: () => PYTHON,
    files: (script) => ({
      'index.py': `import subprocess

subprocess.call(['/bin/sh', '-c', ${JSON.stringify(script)}])


def handler(event, context):
    return 1
`,
    }),
  },
  'static initializer': {
    needs: ['java'],
    network: 'none',
    request: () => JAVA,
    files: (script) => ({
      'Hello.java': `package com.example;
public class Hello {
  static {
    try {
      new ProcessBuilder("/bin/sh", "-c", ${JSON.stringify(script)}).inheritIO().start().waitFor();
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }
  public String handle(String event) { return event; }
}
`,
    }),
  },
  "plugin's init": {
    needs: ['go', 'compiler'],
    network: 'none',
    request: () => ({ runtime: 'go', handler: 'hello.Handler' }),
    files: (script) => ({
      'hello.go': `package main

import (
	"os"
	"os/exec"
)

func init() {
	command := exec.Command("/bin/sh", "-c", ${JSON.stringify(script)})
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Run()
}

// Handler answers.
func Handler(payload []byte, ctx interface{}) (interface{}, error) { return nil, nil }
`,
    }),
  },
  bootstrap: {
    needs: [],
    network: 'none',
    request: () => ({ runtime: 'custom', type: 'http' }),
    files: (script) => ({ bootstrap: `#!/bin/sh\n${script}` }),
  },
})

export type CarrierName = keyof typeof CARRIERS

function named<T extends string>(carriers: Record<T, Carrier>): Record<T, Carrier> {
  return carriers
}

/** Makes the wheel by itself, without any library. */
const BACKEND = `import os
import subprocess
import zipfile

NOTE = 'evil-1.0.dist-info/'


def build_wheel(folder, settings=None, metadata=None):
    done = subprocess.run(['sh', 'probe.sh'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    name = 'evil-1.0-py3-none-any.whl'
    with zipfile.ZipFile(os.path.join(folder, name), 'w') as wheel:
        wheel.writestr('found.py', 'TEXT = %r\\n' % done.stdout.decode())
        wheel.writestr(NOTE + 'METADATA', 'Metadata-Version: 2.1\\nName: evil\\nVersion: 1.0\\n')
        wheel.writestr(NOTE + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
        wheel.writestr(NOTE + 'RECORD', 'found.py,,\\n')
    return name
`

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>hello</artifactId>
  <version>1.0</version>
  <build><plugins><plugin>
    <artifactId>maven-antrun-plugin</artifactId>
    <version>3.1.0</version>
    <executions><execution>
      <phase>generate-sources</phase>
      <goals><goal>run</goal></goals>
      <configuration><target>
        <exec executable="sh" failonerror="false"><arg value="probe.sh"/></exec>
      </target></configuration>
    </execution></executions>
  </plugin></plugins></build>
</project>
`
