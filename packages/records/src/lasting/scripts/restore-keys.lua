-- ARGV: prefix, tenant, name, version, JSON: keys, each by its id with its fields.
local tenant = ARGV[2]
if not overtakes('keys', tenant, ARGV[3], ARGV[4]) then return 0 end
local kept = cjson.decode(ARGV[5])
for _, id in ipairs(call('ZRANGE', key('api-keys', tenant), 0, -1)) do
  if not kept.keys[id] then removeKey(tenant, id) end
end
for id, fields in pairs(kept.keys) do writeKey(tenant, id, fields) end
return 1
