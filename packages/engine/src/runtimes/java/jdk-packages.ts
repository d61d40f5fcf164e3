/** Of the JDK, with all that lies below; what starts with java, jdk or sun is never a library's. */
const PACKAGES = [
  ...words('java jdk sun netscape.javascript org.ietf.jgss org.w3c.dom org.xml.sax'),
  'org.jcp.xml.dsig.internal',
  ...words(`accessibility annotation.processing crypto imageio lang.model management naming net
    print rmi.ssl script security.auth security.cert security.sasl smartcardio sound sql swing tools
    transaction.xa xml.catalog xml.crypto xml.datatype xml.namespace xml.parsers xml.stream
    xml.transform xml.validation xml.xpath xml.XMLConstants`).map((name) => `javax.${name}`),
  // Makers of libraries use com.sun too: JNA, JavaMail, Jersey.
  ...words(`accessibility awt beans crypto hotspot imageio java jarsigner java_cup.internal jdi jmx
    jndi management media.sound naming net nio org.apache org.slf4j.internal rmi rowset security
    source swing tools tracing xml.internal.stream`).map((name) => `com.sun.${name}`),
]

/** The release that went without these (JEP 320): since then they are libraries like others. */
const REMOVED_IN = 11
const FORMER_PACKAGES = [
  ...words('activation activity jws rmi xml.bind xml.soap xml.ws').map((name) => `javax.${name}`),
  ...words('xml.internal corba istack.internal codemodel.internal').map(
    (name) => `com.sun.${name}`,
  ),
  'org.omg',
]
/** Single ones of two packages into which others have put classes of their own. */
const FORMER_CLASSES = new Set([
  ...words('Generated PostConstruct PreDestroy Resource Resources').map(
    (name) => `javax.annotation.${name}`,
  ),
  ...words('InvalidTransaction TransactionRequired TransactionRolledback').map(
    (name) => `javax.transaction.${name}Exception`,
  ),
])
/** The vendor's interfaces are on the platform (docs/rules.md). */
const PLATFORM_PACKAGE = 'com.huawei.services.runtime'

/** Whether a class is there without any jar: the JDK's of this release, or the platform's. */
export function isProvided(name: string, release: number): boolean {
  if (isBelow(name, PLATFORM_PACKAGE) || PACKAGES.some((one) => isBelow(name, one))) return true
  return release < REMOVED_IN && isFormer(name)
}

/** Whether the JDK had it before this release. */
export function formerlyOfJdk(name: string, release: number): boolean {
  return release >= REMOVED_IN && isFormer(name)
}

function isFormer(name: string): boolean {
  const [outer = name] = name.split('$')
  return FORMER_CLASSES.has(outer) || FORMER_PACKAGES.some((one) => isBelow(name, one))
}

function isBelow(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}.`)
}

function words(text: string): string[] {
  return text.split(/\s+/)
}
