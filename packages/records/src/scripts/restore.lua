-- ARGV: prefix, id, tenant, state, function, segment, batch or '', time it was accepted, time it
-- ended, result, source key or '', kind or '', dependency packages that it uses, count of labels,
-- labels, then fields and values of the record.
-- Makes the record of an archived build anew. One that is there stays; an older Redis may have it
-- as unfinished, then it ends as it did.
local id, tenant, state, batch = ARGV[2], ARGV[3], ARGV[4], ARGV[7]
local record = key('build', id)
local there = load(id)
if there and TERMINAL[there.state] then return 0 end
local kind, uses, labels = ARGV[12], ARGV[13], tonumber(ARGV[14])
if there then
  terminate(there, state, ARGV[9], ARGV[10], '')
  call('ZREM', P .. ':archive', id)
  call('HDEL', record, 'request', 'report', 'logBytes', 'begun')
  call('HSET', record, 'archivedIn', ARGV[6], unpack(ARGV, 15 + labels, #ARGV))
  call('DEL', key('events', id), key('log', id))
  return 1
end

call('HSET', record, 'tenant', tenant, 'state', state, 'function', ARGV[5], 'archivedIn', ARGV[6],
  'finishedAt', ARGV[9], 'result', ARGV[10], unpack(ARGV, 15 + labels, #ARGV))
call('ZADD', index(tenant, 'all'), '0', id)
call('ZADD', index(tenant, 'state:' .. state), '0', id)
if kind ~= '' then call('HSET', record, 'kind', kind) end
call('ZADD', index(tenant, (kind ~= '' and kind or 'function') .. ':' .. ARGV[5]), '0', id)
if uses ~= '' then call('HSET', record, 'uses', uses) end
for ref in string.gmatch(uses, '%S+') do call('SADD', usersOf(tenant, ref), 'build ' .. id) end
for label = 1, labels do
  call('ZADD', index(tenant, 'label:' .. ARGV[14 + label]), '0', id)
end
if ARGV[11] ~= '' then
  call('HSET', record, 'sourceKey', ARGV[11])
  call('ZADD', index(tenant, 'sources'), '0', id)
end
if batch ~= '' then
  local counts = key('batch', batch)
  call('HSET', record, 'batch', batch)
  call('ZADD', index(tenant, 'batch:' .. batch), '0', id)
  call('ZADD', P .. ':batches:' .. tenant, 0, batch)
  call('HSETNX', counts, 'tenant', tenant)
  call('HSETNX', counts, 'createdAt', ARGV[8])
  for _, name in ipairs({ 'total', state, 'seq' }) do call('HINCRBY', counts, name, 1) end
end
return 1
