-- Put before accept and unfold: what builds of a tenant meet that are to be made now.
local function lineOf(tenant)
  return {
    tenant = tenant, size = tonumber(call('GET', P .. ':window-size') or '100'),
    inFlight = call('SCARD', key('window', tenant)), hurried = call('SCARD', key('urgent', tenant)),
    waiting = call('ZCARD', key('held', tenant)), due = string.format('%d', now() + GRACE),
  }
end

-- Whether it gets a job now; a bulk build beyond the tenant's window is held.
local function queueUp(line, id, record, priority)
  local isHeld = priority == 'bulk' and (line.waiting > 0 or line.inFlight >= line.size)
  if isHeld then
    call('ZADD', key('held', line.tenant), '0', id)
    call('HSET', record, 'held', '1')
    line.waiting = line.waiting + 1
    return false
  end
  call('ZADD', P .. ':unfinished', line.due, id)
  if priority == 'bulk' then
    call('SADD', key('window', line.tenant), id)
    line.inFlight = line.inFlight + 1
  else
    call('SADD', key('urgent', line.tenant), id)
    line.hurried = line.hurried + 1
  end
  return true
end

local function setMore(record, json)
  local more = json ~= '' and cjson.decode(json) or {}
  for field, value in pairs(more) do call('HSET', record, field, value) end
  return more
end

-- The commit is told at once that its build is to come; of two builds of one function at one commit,
-- only how the one that was accepted last stands.
local function tellStatus(tenant, id, name, status)
  local target = cjson.decode(status)
  call('SET', statusKey(tenant, target.repository, target.commit, name), id, 'PX', NOTICE_KEPT)
  tell(tenant, 'commit-status', 'build', id)
end

-- Makes the build that stands in `f` from `at` on: id, queue, priority, function, view, request,
-- event, source key or '', '1' when the id is derived, kind or '', dependency packages that it uses,
-- more fields of the record as JSON or '', count of labels, labels. Gives 'there' (a derived id that
-- was given before), 'held' or 'queued', then the priority that it got.
local function writeBuild(line, batch, f, at)
  local id, queue, priority, name = f[at], f[at + 1], f[at + 2], f[at + 3]
  local source, kind, uses = f[at + 7], f[at + 9], f[at + 10]
  local tenant, record = line.tenant, key('build', id)
  if f[at + 8] ~= '' and call('EXISTS', record) == 1 then return 'there', priority end
  -- Whoever wants everything at once gets it in turns, as with a batch.
  if priority ~= 'bulk' and line.hurried >= line.size then priority = 'bulk' end
  call('HSET', record, 'tenant', tenant, 'state', 'queued', 'attempt', '0', 'queue', queue,
    'priority', priority, 'function', name, 'view', f[at + 4], 'request', f[at + 5])
  if batch then
    call('HSET', record, 'batch', batch)
    call('ZADD', index(tenant, 'batch:' .. batch), '0', id)
  end
  if source ~= '' then
    call('HSET', record, 'sourceKey', source)
    call('ZADD', index(tenant, 'sources'), '0', id)
  end
  call('RPUSH', key('events', id), f[at + 6])
  call('ZADD', index(tenant, 'all'), '0', id)
  call('ZADD', index(tenant, 'state:queued'), '0', id)
  if kind ~= '' then call('HSET', record, 'kind', kind) end
  call('ZADD', index(tenant, (kind ~= '' and kind or 'function') .. ':' .. name), '0', id)
  if uses ~= '' then call('HSET', record, 'uses', uses) end
  for ref in string.gmatch(uses, '%S+') do call('SADD', usersOf(tenant, ref), 'build ' .. id) end
  local more = setMore(record, f[at + 11])
  if more.status then tellStatus(tenant, id, name, more.status) end
  for label = 1, tonumber(f[at + 12]) do
    call('ZADD', index(tenant, 'label:' .. f[at + 12 + label]), '0', id)
  end
  return queueUp(line, id, record, priority) and 'queued' or 'held', priority
end

-- The first dependency package of NAME@REVISION, with spaces between, that is there no more.
local function goneOf(tenant, refs)
  for name, revision in string.gmatch(refs, '(%S+)@(%d+)') do
    if call('HEXISTS', key('dependency', tenant .. ':' .. name), revision) == 0 then
      return name .. '@' .. revision
    end
  end
  return nil
end

-- A derived batch may come a second time, with builds that are there and others that are not.
local function openBatch(tenant, batch, at, labels, more)
  if call('EXISTS', key('batch', batch)) == 0 then
    call('HSET', key('batch', batch), 'tenant', tenant, 'createdAt', at, 'labels', labels,
      'total', 0, 'queued', 0, 'running', 0, 'succeeded', 0, 'failed', 0, 'cancelled', 0, 'seq', 0)
    setMore(key('batch', batch), more)
    for name, value in pairs(cjson.decode(labels)) do
      call('ZADD', index(tenant, 'batchLabel:' .. name .. '=' .. value), '0', batch)
    end
  end
  call('ZADD', P .. ':batches:' .. tenant, 0, batch)
end

local function countIn(batch, made)
  if made == 0 then return end
  call('HINCRBY', key('batch', batch), 'total', made)
  call('HINCRBY', key('batch', batch), 'queued', made)
end
