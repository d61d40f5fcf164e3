-- ARGV: prefix, tenant, id, JSON of its fields, how many a tenant may have; then of an idempotency
-- key its name, what is answered to it, and its seconds to live. Answers 0 where there are too many.
if call('ZCARD', key('api-keys', ARGV[2])) >= tonumber(ARGV[5]) then return 0 end
writeKey(ARGV[2], ARGV[3], cjson.decode(ARGV[4]))
touch('keys', ARGV[2], 'all')
if ARGV[6] then call('SET', ARGV[6], ARGV[7], 'EX', ARGV[8], 'NX') end
return 1
