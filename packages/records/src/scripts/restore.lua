-- ARGV: prefix, id, tenant, state, function, segment, batch or '', time it was accepted, time it
-- ended, result, source key or '', kind or '', dependency packages that it uses, ms when it ended,
-- the dependency package that it made (name or '', revision, what equal ones are known by, its JSON
-- up to the tenant), count of labels, labels, then fields and values of the record.
-- Makes the record of an archived build anew. One that is there stays; an older Redis may have it
-- as unfinished, then it ends as it did.
local id, tenant, state, batch = ARGV[2], ARGV[3], ARGV[4], ARGV[7]
local kind, uses, labels = ARGV[12], ARGV[13], tonumber(ARGV[19])
local FIELDS = 20 + labels
local record = key('build', id)

-- A package has its number again, and what is given next is higher; `current` points to the newest.
-- What its function would keep no more goes, as it went.
local function renumber(name, result)
  local number = string.match(result, ',"number":(%d+)}$')
  if not number then return end
  local of, counts = tenant .. ':' .. name, key('number-counts', tenant)
  if tonumber(call('HGET', counts, name) or '0') < tonumber(number) then
    call('HSET', counts, name, number)
  end
  if call('ZSCORE', key('numbers', of), number) then return end
  local bare = string.gsub(result, ',"number":%d+}$', '}')
  enlist(of, id, number, ARGV[9], ARGV[14], bare)
  moveCurrent(of, id, number)
  retain(of)
end

-- A dependency package has its revision again. Builds come in any order, and equal bytes have the
-- revision of the build that made them first.
local function republish(name, revision, same, json)
  local hash = key('dependency', tenant .. ':' .. name)
  local known = call('HGET', hash, revision)
  if known and string.match(known, '"createdAt":"([^"]+)"') <= ARGV[9] then return end
  local newer = call('HGET', hash, 'same:' .. same)
  enlistRevision(tenant, name, revision, same, json)
  if newer and tonumber(newer) > tonumber(revision) then
    call('HSET', hash, 'same:' .. same, newer)
  end
  -- One that was split off is named by its content: it has no other revision.
  if kind == '' then return end
  local counts = key('revision-counts', tenant)
  if tonumber(call('HGET', counts, name) or '0') < tonumber(revision) then
    call('HSET', counts, name, revision)
  end
end

-- What the archive has of it takes the place of what Redis had.
local function endAsItDid(build)
  terminate(build, state, ARGV[9], ARGV[10], '')
  call('ZREM', P .. ':archive', id)
  call('HDEL', record, 'request', 'report', 'logBytes', 'begun')
  call('HSET', record, 'archivedIn', ARGV[6], unpack(ARGV, FIELDS, #ARGV))
  call('DEL', key('events', id), key('log', id))
end

local function make(build)
  call('HSET', record, 'tenant', tenant, 'state', state, 'function', ARGV[5], 'archivedIn', ARGV[6],
    'finishedAt', ARGV[9], 'result', ARGV[10], unpack(ARGV, FIELDS, #ARGV))
  call('ZADD', index(tenant, 'all'), '0', id)
  call('ZADD', index(tenant, 'state:' .. state), '0', id)
  if kind ~= '' then call('HSET', record, 'kind', kind) end
  call('ZADD', index(tenant, (kind ~= '' and kind or 'function') .. ':' .. ARGV[5]), '0', id)
  if uses ~= '' then call('HSET', record, 'uses', uses) end
  settleUses(build, state)
  for label = 1, labels do
    call('ZADD', index(tenant, 'label:' .. ARGV[19 + label]), '0', id)
  end
  if ARGV[11] ~= '' then
    call('HSET', record, 'sourceKey', ARGV[11])
    call('ZADD', index(tenant, 'sources'), '0', id)
  end
  if batch == '' then return end
  local counts = key('batch', batch)
  call('HSET', record, 'batch', batch)
  call('ZADD', index(tenant, 'batch:' .. batch), '0', id)
  call('ZADD', P .. ':batches:' .. tenant, 0, batch)
  call('HSETNX', counts, 'tenant', tenant)
  call('HSETNX', counts, 'createdAt', ARGV[8])
  for _, name in ipairs({ 'total', state, 'seq' }) do call('HINCRBY', counts, name, 1) end
end

local there = load(id)
if there and TERMINAL[there.state] then return 0 end
local build = there or
  { id = id, tenant = tenant, name = ARGV[5], kind = kind ~= '' and kind or nil, uses = uses }
if ARGV[15] ~= '' then
  republish(ARGV[15], ARGV[16], ARGV[17], ARGV[18])
  if kind == '' then build.split = ARGV[15] .. '@' .. ARGV[16] end
end
if there then endAsItDid(build) else make(build) end
renumber(ARGV[5], ARGV[10])
return 1
