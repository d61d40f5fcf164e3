/**
 * Starts Maven with what the worker says about registries (registry-access.ts): a settings file,
 * options for the JVM, authorities. Where it names none of those, a JDK that brings its own list
 * is given the system's, which may have a company's authority. The platform's own jars are put
 * where Maven finds them.
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
# What is in no registry stands in the local repository as if it had been installed there.
if [ -n "\${PACKLINE_SDK:-}" ]; then
  printf '%s\\n' "$PACKLINE_SDK" | while IFS='|' read -r jar group artifact version; do
    folder="$PACKLINE_REPOSITORY/$(printf %s "$group" | tr . /)/$artifact/$version"
    target="$folder/$artifact-$version"
    cmp -s "$jar" "$target.jar" && continue
    mkdir -p "$folder"
    printf '<project><modelVersion>4.0.0</modelVersion><groupId>%s</groupId>%s</project>\\n' \\
      "$group" "<artifactId>$artifact</artifactId><version>$version</version>" > "$target.$$"
    mv "$target.$$" "$target.pom"
    cp "$jar" "$target.$$"
    mv "$target.$$" "$target.jar"
  done
fi
exec "$@" \${PACKLINE_MAVEN_SETTINGS:+--settings "$PACKLINE_MAVEN_SETTINGS"}
`
