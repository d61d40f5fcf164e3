import { execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findTools } from '../../index.ts'
import { formerlyOfJdk, isProvided } from './jdk-packages.ts'

describe('isProvided', () => {
  it.each([
    'java.lang.String',
    'javax.crypto.Cipher',
    'javax.xml.XMLConstants',
    'org.w3c.dom.Node',
    'sun.misc.Unsafe',
    'com.sun.net.httpserver.HttpServer',
    'com.huawei.services.runtime.Context',
    'com.huawei.services.runtime.entity.apig.APIGTriggerEvent',
  ])('has %s for every release', (name) => {
    expect([8, 11, 17, 21].filter((release) => isProvided(name, release))).toEqual([8, 11, 17, 21])
  })

  it.each([
    'javax.xml.bind.JAXBContext',
    'javax.annotation.PostConstruct',
    'javax.annotation.Resource$AuthenticationType',
    'javax.activation.DataSource',
    'org.omg.CORBA.ORB',
  ])('has %s for Java 8 only, and says that it went', (name) => {
    expect([8, 11, 17].map((release) => isProvided(name, release))).toEqual([true, false, false])
    expect([8, 11].map((release) => formerlyOfJdk(name, release))).toEqual([false, true])
  })

  it.each([
    'javax.servlet.Servlet',
    'javax.annotation.Nullable',
    'javax.inject.Inject',
    'com.sun.jna.Native',
    'com.sun.mail.smtp.SMTPTransport',
    'javassist.ClassPool',
    'org.xml.saxon.Any',
  ])('leaves %s to libraries', (name) => {
    expect([isProvided(name, 8), isProvided(name, 17), formerlyOfJdk(name, 17)]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('has every package of the JDKs on this machine', async ({ skip }) => {
    const search = { path: process.env.PATH ?? '', home: homedir(), only: 'java' } as const
    const { jdks } = await findTools(search)
    const modular = jdks.filter(({ release }) => release >= 11)
    if (modular.length === 0) return skip('no JDK of 11 or newer here')
    for (const { home, release } of modular) {
      const text = execFileSync(join(home, 'bin/jimage'), ['list', join(home, 'lib/modules')], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      })
      const classes = [...text.matchAll(/^ +(\S+\/[^/\s]+)\.class$/gm)].map(([, path = '']) => path)
      expect(classes.length).toBeGreaterThan(10_000)
      const names = classes.map((path) => path.replaceAll('/', '.'))
      expect(names.filter((name) => !isProvided(name, release))).toEqual([])
    }
  })
})
