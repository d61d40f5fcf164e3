-- ARGV: prefix, id, worker, at, event up to the attempt's number, most attempts, newest schema.
-- `attempt` fences and only grows; `begun` counts those since one last ended in order, so that a
-- build that ends every worker is told from one that was handed back by each.
local build = load(ARGV[2])
if not build or TERMINAL[build.state] then return { 'terminal' } end

local record = key('build', build.id)
-- Written by a newer Packline, with words that ours would pass over: nothing is touched.
local schema = tonumber(string.match(call('HGET', record, 'view'), '"schema":(%d+)') or '1')
if schema > tonumber(ARGV[7]) then return { 'newer' } end

-- The function's packages are being swept: one that this attempt stores could go with them.
if call('EXISTS', P .. ':condemned') == 1 then
  local folder = 'packages/' .. build.tenant .. '/' .. call('HGET', record, 'function') .. '/'
  if call('SISMEMBER', P .. ':condemned', folder) == 1 then return { 'later' } end
end

local attempt = build.attempt + 1
if call('HINCRBY', record, 'begun', 1) > tonumber(ARGV[6]) then
  call('HSET', record, 'attempt', attempt)
  return { 'poisoned', attempt }
end

local batch = move(build, 'running')
if attempt == 1 then
  call('HSET', record, 'state', 'running', 'attempt', attempt, 'worker', ARGV[3],
    'startedAt', ARGV[4])
else
  call('HSET', record, 'state', 'running', 'attempt', attempt, 'worker', ARGV[3])
end
if build.waiting then call('HDEL', record, 'waitingFor') end
local event = ARGV[5] .. attempt .. '}'
local first = call('RPUSH', key('events', build.id), event)
publish(build, first, { event }, batch)
return { 'begun', attempt, call('HGETALL', record) }
