import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SOURCE = `import java.util.Set;
import javax.annotation.processing.*;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

@SupportedAnnotationTypes("*")
public class Probe extends AbstractProcessor {
  @Override public SourceVersion getSupportedSourceVersion() { return SourceVersion.latest(); }
  @Override public void init(ProcessingEnvironment environment) {
    super.init(environment);
    try {
      new ProcessBuilder("/bin/sh", "probe.sh").inheritIO().start().waitFor();
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }
  @Override public boolean process(Set<? extends TypeElement> all, RoundEnvironment round) {
    return false;
  }
}
`
let made: Buffer | undefined

/** A library with an annotation processor that runs probe.sh; compiled once for the test run. */
export function processorJar(): Buffer {
  made ??= make()
  return made
}

function make(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'packline-processor-'))
  const services = join(folder, 'out/META-INF/services')
  try {
    mkdirSync(services, { recursive: true })
    writeFileSync(join(services, 'javax.annotation.processing.Processor'), 'Probe\n')
    writeFileSync(join(folder, 'Probe.java'), SOURCE)
    const run = (program: string, ...argv: string[]) => execFileSync(program, argv, { cwd: folder })
    run('javac', '--release', '11', '-proc:none', '-d', 'out', 'Probe.java')
    run('jar', 'cf', 'processor.jar', '-C', 'out', '.')
    return readFileSync(join(folder, 'processor.jar'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
