-- ARGV: prefix, name. Whether there is something to be told now: 'nothing'; 'later' and in how many
-- ms; 'overtaken' by a newer build; or 'due' with version, attempts and all that is known of it.
local name = ARGV[2]
local notice = key('notice', name)
local f = call('HMGET', notice, 'state', 'version', 'attempts', 'nextAt', 'tenant', 'build', 'batch',
  'kind', 'at', 'reference', 'expansion', 'status', 'function')
if f[1] ~= 'pending' then
  call('ZREM', P .. ':notices', name)
  return { 'nothing' }
end
local waits = tonumber(f[4] or '0') - now()
if waits > 0 then return { 'later', waits } end

if f[8] == 'commit-status' then
  local of = f[6] and call('HMGET', key('build', f[6]), 'status', 'function') or { f[12], f[13] }
  local target = of[1] and cjson.decode(of[1])
  local newest = target and call('GET', statusKey(f[5], target.repository, target.commit, of[2]))
  if newest and newest ~= (f[6] or f[11]) then return { 'overtaken', f[2], f[3] } end
end
return { 'due', f[2], f[3], f[5], f[6] or '', f[7] or '', f[8], f[9], f[10] or '',
  f[11] or '' }
