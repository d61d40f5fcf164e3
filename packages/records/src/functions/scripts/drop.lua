-- ARGV: prefix, tenant, name. Its files and aliases go; its packages keep their numbers, for builds
-- have made them. Aliases that were set by hand say that somebody uses it: they go first.
local tenant, name = ARGV[2], ARGV[3]
local of = tenant .. ':' .. name
if call('EXISTS', key('function', of)) == 0 then return { 'missing' } end
local used = { 'used' }
for _, alias in ipairs(call('HKEYS', key('aliases', of))) do
  if alias ~= 'current' and alias ~= MOVED then used[#used + 1] = alias end
end
if #used > 1 then return used end
letGoAll(tenant, call('HVALS', key('draft', of)))
letGoAll(tenant, call('HMGET', key('function', of), 'archive'))
call('DEL', key('function', of), key('draft', of), key('aliases', of))
unlist(tenant, name)
touch('functions', tenant, name)
return { 'dropped' }
