-- ARGV: prefix, id of the key, ms, ids of requests that are still open.
local open = key('open-requests', ARGV[2])
for place = 4, #ARGV do call('ZADD', open, 'XX', now() + ARGV[3], ARGV[place]) end
return call('PEXPIRE', open, ARGV[3])
