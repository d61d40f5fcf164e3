/**
 * Starts Maven with what the worker says about registries, which only the sandbox knows: a
 * settings file, and authorities to trust, of which Maven takes no notice in variables. A JDK of
 * the system trusts what the system trusts; one that brings its own list is given the system's.
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
export MAVEN_OPTS
exec "$@" \${PACKLINE_MAVEN_SETTINGS:+--settings "$PACKLINE_MAVEN_SETTINGS"}
`
