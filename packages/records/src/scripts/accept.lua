-- ARGV: prefix, tenant, at, window or '', idempotency key or '', its answer, its seconds to live,
-- batch or '', batch labels, count, then per build: id, queue, priority, function, view, request,
-- event, source key or '', '1' when the id is derived, kind or '', dependency packages that it uses,
-- count of labels, labels. Last, the dependency packages of all: NAME@REVISION, with spaces between.
-- Answers id and priority of those that get a job now.
local tenant, at = ARGV[2], ARGV[3]
local batch = ARGV[8] ~= '' and ARGV[8] or nil
local count = tonumber(ARGV[10])

if ARGV[5] ~= '' then
  local earlier = call('GET', ARGV[5])
  if earlier then return { 'replayed', earlier } end
end
-- Before anything is written: from here on none of them can be deleted.
for name, revision in string.gmatch(ARGV[#ARGV], '(%S+)@(%d+)') do
  if call('HEXISTS', key('dependency', tenant .. ':' .. name), revision) == 0 then
    return { 'gone', name .. '@' .. revision }
  end
end
if call('EXISTS', P .. ':condemned') == 1 then
  local place = 11
  for _ = 1, count do
    if call('SISMEMBER', P .. ':condemned', ARGV[place + 7]) == 1 then return { 'condemned' } end
    place = place + 12 + tonumber(ARGV[place + 11])
  end
end
if ARGV[5] ~= '' then call('SET', ARGV[5], ARGV[6], 'EX', ARGV[7]) end
if ARGV[4] ~= '' then call('SET', P .. ':window-size', ARGV[4]) end

local size = tonumber(call('GET', P .. ':window-size') or '100')
local window, held, urgent = key('window', tenant), key('held', tenant), key('urgent', tenant)
local inFlight, hurried = call('SCARD', window), call('SCARD', urgent)
local waiting = call('ZCARD', held)
local due = string.format('%d', now() + GRACE)
local answer = { 'accepted' }

if batch then
  -- A derived one may come a second time, with builds that are there and others that are not.
  if call('EXISTS', key('batch', batch)) == 0 then
    call('HSET', key('batch', batch), 'tenant', tenant, 'createdAt', at, 'labels', ARGV[9],
      'total', 0, 'queued', 0, 'running', 0, 'succeeded', 0, 'failed', 0, 'cancelled', 0, 'seq', 0)
  end
  call('ZADD', P .. ':batches:' .. tenant, 0, batch)
end

local place, made = 11, 0
for _ = 1, count do
  local id, queue, priority, name = ARGV[place], ARGV[place + 1], ARGV[place + 2], ARGV[place + 3]
  local kind, uses = ARGV[place + 9], ARGV[place + 10]
  local labels = tonumber(ARGV[place + 11])
  local record = key('build', id)
  -- A derived id may come a second time; its build is there already.
  if ARGV[place + 8] == '' or call('EXISTS', record) == 0 then
    made = made + 1
    -- Whoever wants everything at once gets it in turns, as with a batch.
    if priority ~= 'bulk' and hurried >= size then priority = 'bulk' end
    call('HSET', record, 'tenant', tenant, 'state', 'queued', 'attempt', '0', 'queue', queue,
      'priority', priority, 'function', name, 'view', ARGV[place + 4],
      'request', ARGV[place + 5])
    if batch then
      call('HSET', record, 'batch', batch)
      call('ZADD', index(tenant, 'batch:' .. batch), '0', id)
    end
    if ARGV[place + 7] ~= '' then
      call('HSET', record, 'sourceKey', ARGV[place + 7])
      call('ZADD', index(tenant, 'sources'), '0', id)
    end
    call('RPUSH', key('events', id), ARGV[place + 6])
    call('ZADD', index(tenant, 'all'), '0', id)
    call('ZADD', index(tenant, 'state:queued'), '0', id)
    if kind ~= '' then call('HSET', record, 'kind', kind) end
    call('ZADD', index(tenant, (kind ~= '' and kind or 'function') .. ':' .. name), '0', id)
    if uses ~= '' then call('HSET', record, 'uses', uses) end
    for ref in string.gmatch(uses, '%S+') do
      call('SADD', usersOf(tenant, ref), 'build ' .. id)
    end
    for label = 1, labels do
      call('ZADD', index(tenant, 'label:' .. ARGV[place + 11 + label]), '0', id)
    end
    local isHeld = priority == 'bulk' and (waiting > 0 or inFlight >= size)
    if not isHeld then call('ZADD', P .. ':unfinished', due, id) end
    if priority ~= 'bulk' then
      call('SADD', urgent, id)
      hurried = hurried + 1
      answer[#answer + 1] = id
      answer[#answer + 1] = priority
    elseif not isHeld then
      call('SADD', window, id)
      inFlight = inFlight + 1
      answer[#answer + 1] = id
      answer[#answer + 1] = priority
    else
      call('ZADD', held, '0', id)
      call('HSET', record, 'held', '1')
      waiting = waiting + 1
    end
  end
  place = place + 12 + labels
end
if batch and made > 0 then
  call('HINCRBY', key('batch', batch), 'total', made)
  call('HINCRBY', key('batch', batch), 'queued', made)
end
if waiting > 0 then call('SADD', P .. ':holding', tenant) end
return answer
