/**
 * Starts Maven with what the worker says about registries, which only the sandbox knows: a
 * settings file, and the authorities and proxies of variables of which Maven takes no notice. A
 * JDK of the system trusts what the system trusts; one that brings its own list is given that.
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
use_proxy() {
  place="\${2#*://}"
  place="\${place%%/*}"
  place="\${place##*@}"
  case "$place" in *:*) ;; *) place="$place:80" ;; esac
  MAVEN_OPTS="$MAVEN_OPTS -D$1.proxyHost=\${place%:*} -D$1.proxyPort=\${place##*:}"
}
[ -z "\${HTTPS_PROXY:-}" ] || use_proxy https "$HTTPS_PROXY"
[ -z "\${HTTP_PROXY:-}" ] || use_proxy http "$HTTP_PROXY"
if [ -n "\${NO_PROXY:-}" ]; then
  hosts=$(printf %s "$NO_PROXY" | sed 's/ //g; s/,/|/g; s/|\\./|*./g; s/^\\./*./')
  MAVEN_OPTS="$MAVEN_OPTS -Dhttp.nonProxyHosts=$hosts"
fi
export MAVEN_OPTS
exec "$@" \${PACKLINE_MAVEN_SETTINGS:+--settings "$PACKLINE_MAVEN_SETTINGS"}
`
