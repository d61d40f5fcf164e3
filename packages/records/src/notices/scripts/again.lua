-- ARGV: prefix, tenant, 'build' or 'batch', its id, name. Tells it once more from the first attempt.
local notice = key('notice', ARGV[5])
local f = call('HMGET', notice, 'tenant', ARGV[3], 'kind')
if f[1] ~= ARGV[2] or f[2] ~= ARGV[4] then return 'missing' end
tell(ARGV[2], f[3], ARGV[3], ARGV[4])
return 'ok'
