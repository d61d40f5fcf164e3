-- ARGV: prefix, tenant, name, version, JSON: count of revisions that were given, fields. Builds are
-- restored before: a revision up to the count that is not in the fields was deleted.
local tenant, name = ARGV[2], ARGV[3]
if not overtakes('dependencies', tenant, name, ARGV[4]) then return 0 end
local kept = cjson.decode(ARGV[5])
local hash, all = key('dependency', tenant .. ':' .. name), key('revisions', tenant .. ':' .. name)
local counts = key('revision-counts', tenant)

for _, revision in ipairs(call('ZRANGE', all, '-inf', kept.count, 'BYSCORE')) do
  dropRevision(hash, all, revision)
end
setAll(hash, kept.fields)
for field in pairs(kept.fields) do
  if tonumber(field) then call('ZADD', all, field, field) end
end
listDependency(tenant, name)
if tonumber(call('HGET', counts, name) or '0') < kept.count then
  call('HSET', counts, name, string.format('%d', kept.count))
end
return 1
