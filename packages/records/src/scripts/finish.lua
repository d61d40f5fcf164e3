-- ARGV: prefix, id, attempt, most bytes of log, state, at, result, report or '', delay in ms, '1'
-- when the sweep ends it (then it may be queued), count of events, events, count of chunks, chunks.
-- The last event is the one of the outcome.
local build = load(ARGV[2])
local attempt, state = tonumber(ARGV[3]), ARGV[5]
if ARGV[10] == '1' then
  if not build or TERMINAL[build.state] or build.attempt ~= attempt then return { 'refused' } end
elseif fenced(build, attempt) then
  return { 'refused' }
end

local events = tonumber(ARGV[11])
local first = appendEvents(build, 12, events)
appendLog(build, 13 + events, tonumber(ARGV[12 + events]), tonumber(ARGV[4]))

local batch
local released = {}
if TERMINAL[state] then
  batch = terminate(build, state, ARGV[6], ARGV[7], ARGV[8])
  if build.priority == 'bulk' then release(build.tenant, released) end
else
  batch = move(build, state)
  call('HSET', key('build', build.id), 'state', state)
  -- In order: not a worker that the build has ended. The sweep's own is none of those.
  if ARGV[10] ~= '1' then call('HDEL', key('build', build.id), 'begun') end
  call('ZADD', P .. ':unfinished', now() + tonumber(ARGV[9]) + GRACE, build.id)
end
publish(build, first, { unpack(ARGV, 12, 11 + events) }, batch)
return { 'ok', build.tenant, released }
