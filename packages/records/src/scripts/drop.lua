-- ARGV: prefix, tenant, name, revision or '' for all, how many users are named. Deletes nothing where
-- one of the revisions is in use.
local tenant, name = ARGV[2], ARGV[3]
local hash, all = key('dependency', tenant .. ':' .. name), key('revisions', tenant .. ':' .. name)
local revisions = ARGV[4] ~= '' and { ARGV[4] } or call('ZRANGE', all, 0, -1)
if #revisions == 0 or call('HEXISTS', hash, revisions[1]) == 0 then return { 'missing' } end

for _, revision in ipairs(revisions) do
  local ref = name .. '@' .. revision
  local count = call('SCARD', usersOf(tenant, ref))
  if count > 0 then
    return { 'used', ref, count, call('SRANDMEMBER', usersOf(tenant, ref), ARGV[5]) }
  end
end
local counts = key('revision-counts', tenant)
for _, revision in ipairs(revisions) do
  local stored = string.match(call('HGET', hash, revision), '"key":"([^"]+)"')
  if stored then letGo(stored) end
  dropRevision(hash, all, revision)
  -- One that was split off has no count until then: `finish` sees that it was deleted before.
  call('HSETNX', counts, name, revision)
end
listDependency(tenant, name)
touch('dependencies', tenant, name)
return { 'dropped', #revisions }
