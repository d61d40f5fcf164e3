/** The file examples/hello-shell/bootstrap. */
export const CUSTOM_BOOTSTRAP = `#!/bin/sh
# A runtime of one's own in shell: asks the platform for work, answers, and asks again.
api="http://$RUNTIME_API_ADDR/v1/runtime/invocation"
while true; do
  headers=$(mktemp)
  event=$(curl -sS -D "$headers" "$api/request") || exit 1
  id=$(grep -i '^x-cff-request-id:' "$headers" | tr -d '\\r' | cut -d' ' -f2)
  rm -f "$headers"
  curl -sS -X POST "$api/response/$id" -d "{\\"greeting\\":\\"你好\\",\\"event\\":\${event:-null}}" >/dev/null
done
`
