/**
 * Starts Maven with what the worker says about registries (registry-access.ts): a settings file,
 * options for the JVM, authorities. Where it names none of those, a JDK that brings its own list
 * is given the system's, which may have a company's authority.
 */
export const RUN_MAVEN = `#!/bin/sh
set -eu
for store in "\${PACKLINE_JAVA_TRUST_STORE:-}" \\
  /etc/ssl/certs/java/cacerts /etc/pki/java/cacerts; do
  if [ -n "$store" ] && [ -r "$store" ]; then
    MAVEN_OPTS="$MAVEN_OPTS -Djavax.net.ssl.trustStore=$store"
    break
  fi
done
export MAVEN_OPTS="$MAVEN_OPTS \${PACKLINE_MAVEN_OPTIONS:-}"
exec "$@" \${PACKLINE_MAVEN_SETTINGS:+--settings "$PACKLINE_MAVEN_SETTINGS"}
`
