-- ARGV: prefix, tenant, name, version, JSON: hooks, each by its id with its fields.
local tenant = ARGV[2]
if not overtakes('hooks', tenant, ARGV[3], ARGV[4]) then return 0 end
local kept = cjson.decode(ARGV[5])
for _, id in ipairs(call('ZRANGE', key('hooks', tenant), 0, -1)) do
  if not kept.hooks[id] then removeHook(tenant, id) end
end
for id, fields in pairs(kept.hooks) do writeHook(tenant, id, fields) end
return 1
