-- Put before what takes in, begins or ends expansions, behind write-build.lua.

-- Milliseconds that expansions stay after their end, and the numbers of pushes after the last one.
local KEPT_LONG = 30 * 24 * 3600000

-- As git tells of a ref that is not there.
local NO_COMMIT = string.rep('0', 40)

-- The number of a push that has just been received.
local function nextPush(hook, ref)
  return string.format('%d', call('HINCRBY', key('pushes', hook .. ':' .. ref), '#', 1))
end

-- Takes an expansion in; ARGV[place] and so on are expansionArguments of records. `number`: of the
-- push, or ''. Whoever calls it adds the job then; where that fails, the sweep does.
local function acceptExpansion(place, number)
  local id, tenant, at, view, spec, batch, labels, more, ref, since = unpack(ARGV, place, place + 9)
  local record = key('expansion', id)
  call('HSET', record, 'tenant', tenant, 'state', 'queued', 'attempt', '0', 'queue', 'expand',
    'priority', 'interactive', 'view', view, 'spec', spec)
  if number ~= '' then
    local pushes = key('pushes', ref)
    call('HSET', record, 'number', number, 'pushes', pushes)
    -- What lay there before the first push that we are told of is nobody's to build.
    call('HSETNX', pushes, '@', string.format('%d', number - 1) .. ' ' .. since)
    call('PEXPIRE', pushes, KEPT_LONG)
  end
  if batch ~= '' then
    openBatch(tenant, batch, at, labels, more)
    call('HSET', record, 'batch', batch)
    call('HSET', key('batch', batch), 'expanding', id, 'expansion', id)
  end
  call('ZADD', P .. ':unfinished', now() + GRACE, id)
end

local function loadExpansion(id)
  local f = call('HMGET', key('expansion', id), 'tenant', 'state', 'attempt', 'batch', 'pushes',
    'number', 'commit')
  if not f[1] then return nil end
  return {
    id = id, tenant = f[1], state = f[2], attempt = tonumber(f[3]), batch = f[4], pushes = f[5],
    number = tonumber(f[6] or ''), commit = f[7] or NO_COMMIT,
  }
end

-- Up to which push all of a ref were worked off: its number and the commit it led to, or ''.
local function reachedOf(expansion)
  return expansion.pushes and call('HGET', expansion.pushes, '@') or ''
end

-- The number alone, or nil.
local function reachedNumber(expansion)
  return tonumber(string.match(reachedOf(expansion), '^%d+'))
end

-- A push that was worked off whole, and what was missed before it: the next one begins there.
local function reach(expansion)
  if not expansion.pushes or (reachedNumber(expansion) or 0) > expansion.number then return end
  call('HSET', expansion.pushes, '@', expansion.number .. ' ' .. expansion.commit)
  call('PEXPIRE', expansion.pushes, KEPT_LONG)
end

-- Tells the commit of a push what became no build: `status` is where, `stands` a function or '' for
-- the whole, and how it stands as JSON. That the whole is well is told only where it was told not to
-- be.
local function tellUnbuilt(expansion, status, name, stands, isWell)
  local target = cjson.decode(status)
  local newest = statusKey(expansion.tenant, target.repository, target.commit, name)
  if isWell and call('EXISTS', newest) == 0 then return end
  call('SET', newest, expansion.id, 'PX', NOTICE_KEPT)
  local about = name ~= '' and name or nil
  local notice = tell(expansion.tenant, 'commit-status', 'expansion', expansion.id, about)
  call('HSET', notice, 'status', status, 'function', name, 'stands', stands)
end

-- Ends an expansion for good. Its batch has all builds then, or says why there are none.
local function endExpansion(expansion, state, at, result, failure, repository)
  local record = key('expansion', expansion.id)
  call('HSET', record, 'state', state, 'finishedAt', at, 'result', result)
  call('HDEL', record, 'waitingFor', 'begun')
  call('PEXPIRE', record, KEPT_LONG)
  call('ZREM', P .. ':unfinished', expansion.id)
  if not expansion.batch then return end
  local batch = key('batch', expansion.batch)
  if failure ~= '' then call('HSET', batch, 'failure', failure) end
  if state == 'cancelled' then
    call('HSET', batch, 'cancelReason', cjson.decode(result).cancelReason)
  end
  if repository ~= '' then call('HSET', batch, 'repository', repository) end
  call('HDEL', batch, 'expanding')
  local told = tellBatch(expansion.batch, expansion.id, state, countsOf(batch))
  publishBatch(expansion.batch, told)
end
