-- ARGV: prefix, how many, ms until the same build is looked at again, the same for held builds.
-- Takes the builds that are due, so that no other process looks at them now, and says how each
-- record and its job stand.
local time = now()
local ids = call('ZRANGE', P .. ':unfinished', '-inf', time, 'BYSCORE', 'LIMIT', 0, ARGV[2])
local answer = {}

local function jobOf(queue, id)
  local base = P .. ':' .. queue .. ':'
  if call('EXISTS', base .. id) == 0 then return 'missing' end
  if call('EXISTS', base .. id .. ':lock') == 1 then return 'locked' end
  if call('ZSCORE', base .. 'completed', id) then return 'completed' end
  if call('ZSCORE', base .. 'failed', id) then
    return 'failed ' .. (call('HGET', base .. id, 'failedReason') or '')
  end
  return 'there'
end

for _, id in ipairs(ids) do
  local f = call('HMGET', key('build', id), 'tenant', 'state', 'attempt', 'queue', 'priority',
    'held', 'waitingSince')
  if not f[1] or TERMINAL[f[2]] then
    call('ZREM', P .. ':unfinished', id)
  else
    call('ZADD', P .. ':unfinished', time + (f[6] and ARGV[4] or ARGV[3]), id)
    local job = f[6] and 'held' or jobOf(f[4], id)
    answer[#answer + 1] = { id, f[1], f[2], f[3], f[4], f[5], f[7] or '', job, time }
  end
end
return answer
