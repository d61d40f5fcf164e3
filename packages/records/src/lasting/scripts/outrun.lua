-- ARGV: prefix, thing, the store's version of it, which is higher: this Redis is older than the
-- store, and what was changed in here since is what counts.
local versions = P .. ':lasting-versions'
if tonumber(call('HGET', versions, ARGV[2]) or '0') > tonumber(ARGV[3]) then return 0 end
return call('HSET', versions, ARGV[2], string.format('%d', ARGV[3] + 1))
