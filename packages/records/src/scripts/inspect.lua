-- ARGV: prefix, how many, ms until the same build is looked at again. Answers the time, then builds.
-- Takes the builds and expansions that are due, so that no other process looks at them now, and says how each
-- record and its job stand.
local time = now()
local ids = call('ZRANGE', P .. ':unfinished', '-inf', time, 'BYSCORE', 'LIMIT', 0, ARGV[2])
local answer = { time }

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
  local f = call('HMGET', recordOf(id), 'tenant', 'state', 'attempt', 'queue', 'priority',
    'waitingFor', 'view', 'held')
  -- A held build has no job to lose; it comes back when it gets one.
  if not f[1] or TERMINAL[f[2]] or f[8] then
    call('ZREM', P .. ':unfinished', id)
  else
    call('ZADD', P .. ':unfinished', time + ARGV[3], id)
    answer[#answer + 1] = { id, f[1], f[3], f[4], f[5], f[6] or '', f[7], jobOf(f[4], id) }
  end
end
return answer
