-- Put before every script. Key names are those of keys.ts; ARGV[1] is the installation's prefix.
-- All keys share one hash tag, so those that are made in here lie in the slot of KEYS[1].
local P = ARGV[1]
local call = redis.call

local TERMINAL = { succeeded = true, failed = true, cancelled = true }

-- Milliseconds after which the sweep looks at a build whose job may be missing.
local GRACE = 10000

-- Milliseconds that events, log and batch events stay after the end.
local KEPT = 3600000

local function key(kind, id)
  return P .. ':' .. kind .. ':' .. id
end

local function index(tenant, rest)
  return P .. ':index:' .. tenant .. ':' .. rest
end

-- Redis' own clock: those of the processes may differ.
local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- What scripts decide by.
local function load(id)
  local f = call('HMGET', key('build', id), 'tenant', 'state', 'attempt', 'queue', 'batch', 'held',
    'logBytes', 'waitingFor', 'priority', 'function', 'kind', 'uses')
  if not f[1] then return nil end
  return {
    id = id, tenant = f[1], state = f[2], attempt = tonumber(f[3]), queue = f[4], batch = f[5],
    held = f[6], logBytes = tonumber(f[7] or '0'), waiting = f[8], priority = f[9], name = f[10],
    kind = f[11], uses = f[12] or '',
  }
end

-- Whether this attempt may write: the newest one, and the build has not ended.
local function fenced(build, attempt)
  return not build or build.state ~= 'running' or build.attempt ~= attempt
end

local COUNTED = { total = 1, queued = 2, running = 3, succeeded = 4, failed = 5, cancelled = 6 }

-- Takes a build to another state in its indexes and its batch (the record's own field is written
-- by the caller, with others). Gives the batch's event, if any.
local function move(build, state)
  local from = build.state
  if from == state then return nil end
  build.state = state
  call('ZREM', index(build.tenant, 'state:' .. from), build.id)
  call('ZADD', index(build.tenant, 'state:' .. state), '0', build.id)
  if not build.batch then return nil end
  local batch = key('batch', build.batch)
  local counts = call('HMGET', batch, 'total', 'queued', 'running', 'succeeded', 'failed',
    'cancelled', 'seq')
  for place = 1, 7 do counts[place] = tonumber(counts[place]) end
  local left, joined, seq = COUNTED[from], COUNTED[state], counts[7] + 1
  counts[left] = counts[left] - 1
  counts[joined] = counts[joined] + 1
  call('HSET', batch, from, counts[left], state, counts[joined], 'seq', seq)
  local line = build.id .. ' ' .. state .. ' ' .. table.concat(counts, ' ', 1, 6)
  call('RPUSH', key('batch-events', build.batch), line)
  if counts[2] + counts[3] == 0 then
    call('PEXPIRE', key('batch-events', build.batch), KEPT)
  end
  return { seq = seq, line = line }
end

-- Appends ARGV[from] and so on to the events; gives the place of the first.
local function appendEvents(build, from, count)
  if count == 0 then return 0 end
  local length = call('RPUSH', key('events', build.id), unpack(ARGV, from, from + count - 1))
  return length - count + 1
end

-- Appends chunks of log until the limit; what is beyond is dropped, and the log says so, once.
local function appendLog(build, from, count, limit)
  if count == 0 or build.logBytes >= limit then return end
  for place = from, from + count - 1 do
    call('RPUSH', key('log', build.id), ARGV[place])
    build.logBytes = build.logBytes + #ARGV[place]
    if build.logBytes >= limit then
      call('RPUSH', key('log', build.id), '(more output is not kept)\n')
      break
    end
  end
  call('HSET', key('build', build.id), 'logBytes', build.logBytes)
end

-- One message per call: build and place of its first event, then one event per line; a watcher
-- that missed none needs no read. Watchers of a batch get the batch's own event.
local function publish(build, first, events, batch)
  if #events > 0 then
    call('PUBLISH', P .. ':changes', build.id .. ' ' .. first .. '\n' .. table.concat(events, '\n'))
  else
    call('PUBLISH', P .. ':changes', build.id .. ' 0')
  end
  if batch then
    call('PUBLISH', P .. ':batch-changes', build.batch .. ' ' .. batch.seq .. ' ' .. batch.line)
  end
end

-- Hands waiting bulk builds of the tenant on, once a quarter of its window is free (so that they
-- are added in groups). Appends id and queue of each to `released`.
local function release(tenant, released)
  if call('EXISTS', key('held', tenant)) == 0 then
    call('SREM', P .. ':holding', tenant)
    return
  end
  local size = tonumber(call('GET', P .. ':window-size') or '100')
  local inFlight = call('SCARD', key('window', tenant))
  if inFlight > math.floor(size * 3 / 4) then return end
  while inFlight < size do
    local id = call('ZPOPMIN', key('held', tenant))[1]
    if not id then break end
    local queue = call('HGET', key('build', id), 'queue')
    if queue then
      call('SADD', key('window', tenant), id)
      call('HDEL', key('build', id), 'held')
      call('ZADD', P .. ':unfinished', now() + GRACE, id)
      released[#released + 1] = id
      released[#released + 1] = queue
      inFlight = inFlight + 1
    end
  end
  if call('EXISTS', key('held', tenant)) == 0 then call('SREM', P .. ':holding', tenant) end
end

-- Who uses a dependency package: NAME@REVISION.
local function usersOf(tenant, ref)
  return key('dependency-users', tenant .. ':' .. ref)
end

-- A build that has ended uses no dependency package; a function goes on with those of its newest
-- build that succeeded, whichever ended last.
local function settleUses(build, state)
  for ref in string.gmatch(build.uses, '%S+') do
    call('SREM', usersOf(build.tenant, ref), 'build ' .. build.id)
  end
  if state ~= 'succeeded' or build.kind == 'dependency' then return end
  local latest, user = key('latest', build.tenant), 'function ' .. build.name
  local known = call('HGET', latest, build.name)
  if known then
    local id, uses = string.match(known, '^(%S+)(.*)$')
    if id > build.id then return end
    for ref in string.gmatch(uses, '%S+') do call('SREM', usersOf(build.tenant, ref), user) end
  end
  local uses = build.uses
  if build.split then uses = uses .. ' ' .. build.split end
  call('HSET', latest, build.name, build.id .. ' ' .. uses)
  for ref in string.gmatch(uses, '%S+') do call('SADD', usersOf(build.tenant, ref), user) end
end

-- Ends a build for good: nothing of it waits any more, and the archiver gets it. Its place in the
-- tenant's window is free then; `release` gives it away.
local function terminate(build, state, at, result, report)
  local batch = move(build, state)
  local record = key('build', build.id)
  if report ~= '' then
    call('HSET', record, 'state', state, 'finishedAt', at, 'result', result, 'report', report)
  else
    call('HSET', record, 'state', state, 'finishedAt', at, 'result', result)
  end
  settleUses(build, state)
  call('ZREM', P .. ':unfinished', build.id)
  call('ZADD', P .. ':archive', now(), build.id)
  if build.waiting then call('HDEL', record, 'waitingFor') end
  if build.held then
    call('HDEL', record, 'held')
    call('ZREM', key('held', build.tenant), build.id)
  else
    local place = build.priority == 'bulk' and 'window' or 'urgent'
    call('SREM', key(place, build.tenant), build.id)
  end
  return batch
end
