-- ARGV: prefix, tenant, name, version, JSON: fields, sealed as they were.
local tenant = ARGV[2]
if not overtakes('credentials', tenant, ARGV[3], ARGV[4]) then return 0 end
call('DEL', key('credentials', tenant))
setAll(key('credentials', tenant), cjson.decode(ARGV[5]).fields)
return 1
