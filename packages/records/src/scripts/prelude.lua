-- Put before every script. Key names are those of keys.ts; ARGV[1] is the installation's prefix.
-- All keys share one hash tag, so those that are made in here lie in the slot of KEYS[1].
local P = ARGV[1]
local call = redis.call

local TERMINAL = { succeeded = true, failed = true, cancelled = true }

-- Milliseconds after which the sweep looks at a build whose job may be missing.
local GRACE = 10000

-- Milliseconds that events, log and batch events stay after the end.
local KEPT = 3600000

-- Milliseconds that a notice stays after it was delivered or given up.
local NOTICE_KEPT = 30 * 24 * 3600000

local function key(kind, id)
  return P .. ':' .. kind .. ':' .. id
end

local function index(tenant, rest)
  return P .. ':index:' .. tenant .. ':' .. rest
end

-- Builds and expansions wait, are swept and ended alike.
local function recordOf(id)
  return key(string.sub(id, 1, 2) == 'x_' and 'expansion' or 'build', id)
end

-- Redis' own clock: those of the processes may differ.
local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- What scripts decide by.
local function load(id)
  local f = call('HMGET', key('build', id), 'tenant', 'state', 'attempt', 'queue', 'batch', 'held',
    'logBytes', 'waitingFor', 'priority', 'function', 'kind', 'uses', 'tells')
  if not f[1] then return nil end
  return {
    id = id, tenant = f[1], state = f[2], attempt = tonumber(f[3]), queue = f[4], batch = f[5],
    held = f[6], logBytes = tonumber(f[7] or '0'), waiting = f[8], priority = f[9], name = f[10],
    kind = f[11], uses = f[12] or '', tells = f[13] or '',
  }
end

-- Whether this attempt may write: the newest one, and the build has not ended.
local function fenced(build, attempt)
  return not build or build.state ~= 'running' or build.attempt ~= attempt
end

-- What this script wrote that is to be told outside: whoever runs it adds the jobs.
local notices = {}

-- Writes that something is to be told. What is there already is told anew: it has changed, and
-- whoever is telling it just now finds another version. Answers its key.
local function tell(tenant, kind, of, id, about)
  local name = id .. '-' .. kind .. (about and '-' .. about or '')
  local notice = key('notice', name)
  call('HDEL', notice, 'lastStatus', 'lastError', 'nextAt', 'deliveredAt')
  call('HSETNX', notice, 'createdAt', string.format('%d', now()))
  call('HSET', notice, 'tenant', tenant, 'kind', kind, of, id, 'state', 'pending',
    'attempts', '0', 'at', string.format('%d', now()))
  call('HINCRBY', notice, 'version', 1)
  call('PERSIST', notice)
  call('ZADD', P .. ':notices', now() + GRACE, name)
  notices[#notices + 1] = name
  return notice
end

local function statusKey(tenant, repository, commit, name)
  return key('commit-status', tenant .. ':' .. name .. ':' .. commit .. ':' .. repository)
end

-- A batch may end more than once, where builds are added to it later.
local function tellBatchEnd(id)
  local f = call('HMGET', key('batch', id), 'tenant', 'tells')
  if f[2] and string.find(f[2], 'batch.finished', 1, true) then tell(f[1], 'callback', 'batch', id) end
end

local COUNTED = { total = 1, queued = 2, running = 3, succeeded = 4, failed = 5, cancelled = 6 }

local function countsOf(batch)
  local counts = call('HMGET', batch, 'total', 'queued', 'running', 'succeeded', 'failed',
    'cancelled', 'seq', 'expanding')
  for place = 1, 7 do counts[place] = tonumber(counts[place]) end
  return counts
end

-- A line more for those who watch a batch: of a build, or of its expansion. The last word says that
-- more builds are to come. What changed in the batch is written with it.
local function tellBatch(id, whose, state, counts, ...)
  local seq = counts[7] + 1
  call('HSET', key('batch', id), 'seq', seq, ...)
  local line = whose .. ' ' .. state .. ' ' .. table.concat(counts, ' ', 1, 6)
  if counts[8] then line = line .. ' expanding' end
  call('RPUSH', key('batch-events', id), line)
  if counts[2] + counts[3] == 0 and not counts[8] then
    call('PEXPIRE', key('batch-events', id), KEPT)
    tellBatchEnd(id)
  end
  return { seq = seq, line = line }
end

-- Takes a build to another state in its indexes and its batch (the record's own field is written
-- by the caller, with others). Gives the batch's event, if any.
local function move(build, state)
  local from = build.state
  if from == state then return nil end
  build.state = state
  call('ZREM', index(build.tenant, 'state:' .. from), build.id)
  call('ZADD', index(build.tenant, 'state:' .. state), '0', build.id)
  if not build.batch then return nil end
  local counts = countsOf(key('batch', build.batch))
  local left, joined = COUNTED[from], COUNTED[state]
  counts[left] = counts[left] - 1
  counts[joined] = counts[joined] + 1
  return tellBatch(build.batch, build.id, state, counts, from, counts[left], state, counts[joined])
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

local function publishBatch(id, told)
  call('PUBLISH', P .. ':batch-changes', id .. ' ' .. told.seq .. ' ' .. told.line)
end

-- One message per call: build and place of its first event, then one event per line; a watcher
-- that missed none needs no read. Watchers of a batch get the batch's own event.
local function publish(build, first, events, batch)
  if #events > 0 then
    call('PUBLISH', P .. ':changes', build.id .. ' ' .. first .. '\n' .. table.concat(events, '\n'))
  else
    call('PUBLISH', P .. ':changes', build.id .. ' 0')
  end
  if batch then publishBatch(build.batch, batch) end
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
  for kind in string.gmatch(build.tells, '%S+') do tell(build.tenant, kind, 'build', build.id) end
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

-- Ends what has not ended; says whether it has a job.
local function cancelBuild(build, at, result, event)
  local was = build.held and 'held' or 'ended'
  local first = call('RPUSH', key('events', build.id), event)
  local batch = terminate(build, 'cancelled', at, result, '')
  publish(build, first, { event }, batch)
  call('PUBLISH', P .. ':cancels', build.id)
  return was
end
