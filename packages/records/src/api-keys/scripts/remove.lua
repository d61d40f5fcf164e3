-- ARGV: prefix, tenant, id. Answers 0 where the tenant has none of it.
if call('HGET', key('api-key', ARGV[3]), 'tenant') ~= ARGV[2] then return 0 end
removeKey(ARGV[2], ARGV[3])
touch('keys', ARGV[2], 'all')
return 1
