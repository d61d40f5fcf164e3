-- ARGV: prefix, tenant, at, window or '', idempotency key or '', its answer, its seconds to live,
-- batch, batch labels, more fields of it or '', count, staging, how many keys of sources, these, then for each dependency
-- package NAME@REVISION and the last build that uses it.
-- Accepts a batch whose builds were staged: from here on all of them are made, whoever does it.
local tenant, batch = ARGV[2], ARGV[8]
local staged = key('staged', ARGV[12])

if ARGV[5] ~= '' then
  local earlier = call('GET', ARGV[5])
  if earlier then
    call('DEL', staged)
    return { 'replayed', earlier }
  end
end
if call('LLEN', staged) ~= tonumber(ARGV[11]) then return { 'lost' } end
local uses = 14 + tonumber(ARGV[13])
for place = uses, #ARGV, 2 do
  local gone = goneOf(tenant, ARGV[place])
  if gone then return { 'gone', gone } end
end
if call('EXISTS', P .. ':condemned') == 1 then
  for place = 14, uses - 1 do
    if call('SISMEMBER', P .. ':condemned', ARGV[place]) == 1 then return { 'condemned' } end
  end
end
-- The last one that uses it is made last: until then its mark stands for the others.
for place = uses, #ARGV, 2 do
  call('SADD', usersOf(tenant, ARGV[place]), 'build ' .. ARGV[place + 1])
end
if ARGV[5] ~= '' then call('SET', ARGV[5], ARGV[6], 'EX', ARGV[7]) end
if ARGV[4] ~= '' then call('SET', P .. ':window-size', ARGV[4]) end
openBatch(tenant, batch, ARGV[3], ARGV[9], ARGV[10])
-- All count as queued at once, or a batch could look finished before its last builds are made.
countIn(batch, tonumber(ARGV[11]))
call('PERSIST', staged)
call('SADD', P .. ':unfolding', batch .. ' ' .. ARGV[12])
return { 'committed' }
