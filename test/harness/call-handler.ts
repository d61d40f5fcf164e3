import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const ROOT = path.resolve(import.meta.dirname, '../..')
const SDK = path.join(ROOT, 'packages/engine/src/runtimes/java/sdk')
const run = promisify(execFile)
const CALL_MS_MAX = 30_000
/** The first call on a machine compiles Go's standard library for plugins. */
const GO_BUILD_MS_MAX = 600_000

/** Calls `index.handler` of an unpacked package with Node.js and nothing of ours. */
export async function callNode(folder: string, event: unknown): Promise<unknown> {
  const script = `const { handler } = require('./index.js')
handler(JSON.parse(process.argv[1]), {}).then((answer) => console.log(JSON.stringify(answer)))`
  const argv = ['-e', script, JSON.stringify(event)]
  return answerOf(await run(process.execPath, argv, { cwd: folder, timeout: CALL_MS_MAX }))
}

/** Calls `index.handler` (after `initializer`, if there is one) with that Python, or any other. */
export async function callPython(folder: string, event: unknown, minor: string): Promise<unknown> {
  const script = `import importlib, json, sys
module = importlib.import_module('index')
getattr(module, 'initializer', lambda context: None)(None)
print(json.dumps(module.handler(json.loads(sys.argv[1]), None)))`
  const argv = ['-c', script, JSON.stringify(event)]
  // Without bytecode of its own: the folder stays what the package is.
  const env = { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' }
  const options = { cwd: folder, env, timeout: CALL_MS_MAX }
  return answerOf(await run(await pythonOf(minor), argv, options))
}

async function pythonOf(minor: string): Promise<string> {
  const versions = path.join(process.env.PYENV_ROOT ?? path.join(homedir(), '.pyenv'), 'versions')
  const names = await readdir(versions).catch((): string[] => [])
  const name = names.find((one) => one.startsWith(`${minor}.`))
  return name === undefined ? 'python3' : path.join(versions, name, 'bin/python3')
}

const JAVA_CALLER = `import com.huawei.services.runtime.Context;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;

public class Call {
  public static void main(String[] names) throws Exception {
    Class<?> type = Class.forName(names[0]);
    Object function = type.getDeclaredConstructor().newInstance();
    Object context = Proxy.newProxyInstance(
        Call.class.getClassLoader(), new Class<?>[] {Context.class}, (self, method, values) -> null);
    for (Method method : type.getMethods()) {
      if (method.getName().equals("initialize")) method.invoke(function, context);
    }
    for (Method method : type.getMethods()) {
      if (!method.getName().equals("handle")) continue;
      Object answer = method.invoke(function, Map.of("name", names[1]), context);
      if (answer instanceof Map) answer = new TreeMap<>((Map<?, ?>) answer);
      new PrintStream(System.out, true, "UTF-8").println(answer);
    }
  }
}
`

/** Calls `handle` of a class of some jars with the platform's interfaces on the class path. */
export async function callJava(jars: string[], type: string, name: string): Promise<string> {
  return inFolder(async (folder) => {
    const sources = (await readdir(path.join(SDK, 'com/huawei/services/runtime')))
      .filter((file) => file.endsWith('.java'))
      .map((file) => path.join(SDK, 'com/huawei/services/runtime', file))
    await writeFile(path.join(folder, 'Call.java'), JAVA_CALLER)
    const options = { cwd: folder, timeout: CALL_MS_MAX }
    await run('javac', ['-encoding', 'UTF-8', '-d', '.', ...sources, 'Call.java'], options)
    const classes = [folder, ...jars].join(path.delimiter)
    // Names on a command line are read in the machine's encoding.
    const argv = ['-Dsun.jnu.encoding=UTF-8', '-cp', classes, 'Call', type, name]
    const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' }
    const { stdout } = await run('java', argv, { ...options, env })
    return stdout.trim()
  })
}

const GO_CALLER = `package main

import (
	"encoding/json"
	"os"
	"plugin"
)

func main() {
	opened, err := plugin.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	symbol, err := opened.Lookup("Handler")
	if err != nil {
		panic(err)
	}
	handler := symbol.(func([]byte, interface{}) (interface{}, error))
	answer, err := handler([]byte(os.Args[2]), nil)
	if err != nil {
		panic(err)
	}
	json.NewEncoder(os.Stdout).Encode(answer)
}
`

/** Opens a plugin in a host of the same Go and calls its symbol `Handler`. */
export async function callPlugin(file: string, event: unknown): Promise<unknown> {
  return inFolder(async (folder) => {
    const cache = path.join(ROOT, '.local/test-cache/go-caller')
    await mkdir(cache, { recursive: true })
    await writeFile(path.join(folder, 'main.go'), GO_CALLER)
    await writeFile(path.join(folder, 'go.mod'), 'module caller\n\ngo 1.18\n')
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GOCACHE: cache,
      GOENV: 'off',
      GOTOOLCHAIN: 'local',
      CGO_ENABLED: '1',
    }
    // A host opens only what was built with the same answer to -trimpath.
    const argv = ['build', '-trimpath', '-buildvcs=false', '-o', 'caller', '.']
    await run('go', argv, { cwd: folder, env, timeout: GO_BUILD_MS_MAX })
    const options = { cwd: folder, timeout: CALL_MS_MAX }
    return answerOf(await run('./caller', [file, JSON.stringify(event)], options))
  })
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'packline-call-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function answerOf({ stdout }: { stdout: string }): unknown {
  return JSON.parse(stdout)
}
