-- ARGV: prefix, id, time. One that was revoked meanwhile does not come back.
if call('EXISTS', key('api-key', ARGV[2])) == 0 then return 0 end
return call('HSET', key('api-key', ARGV[2]), 'usedAt', ARGV[3])
