/**
 * Starts Gradle: the folder of its user, those of its caches and of wrappers' distributions, the
 * file with the program, arguments. Caches stay from build to build, a user's settings do not; what
 * the worker says about registries (registry-access.ts) is there only while this runs. Gradle takes
 * no notice of the environment, hence the options. Without a trust store of the worker's, a JDK
 * that brings its own list of authorities is given the system's, which may have a company's.
 */
export const RUN_GRADLE = `#!/bin/sh
set -eu
home="$1"
caches="$2"
distributions="$3"
program="$4"
shift 4
mkdir -p "$home" "$caches" "$distributions"
ln -sfn "$caches" "$home/caches"
ln -sfn "$distributions" "$home/wrapper"
[ -z "\${PACKLINE_GRADLE_PROPERTIES:-}" ] ||
  ln -sfn "$PACKLINE_GRADLE_PROPERTIES" "$home/gradle.properties"
# With the second compiler tier off Gradle takes half as much of a core.
JAVA_OPTS=-XX:TieredStopAtLevel=1
for store in "\${PACKLINE_JAVA_TRUST_STORE:-}" \\
  /etc/ssl/certs/java/cacerts /etc/pki/java/cacerts; do
  if [ -n "$store" ] && [ -r "$store" ]; then
    # For this JVM; a second one, which newer Gradles start, is told by our init script.
    JAVA_OPTS="$JAVA_OPTS -Djavax.net.ssl.trustStore=$store"
    set -- "$@" "-Dpackline.trustStore=$store"
    break
  fi
done
[ -z "\${PACKLINE_MAVEN_SETTINGS:-}" ] ||
  set -- "$@" "-Dpackline.settings=$PACKLINE_MAVEN_SETTINGS"
export JAVA_OPTS GRADLE_USER_HOME="$home"
. "$program"
`
