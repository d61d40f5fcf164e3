-- ARGV: prefix, thing, version that was written. What has changed since is written again.
local thing, due = ARGV[2], P .. ':lasting-due'
if call('HGET', P .. ':lasting-versions', thing) == ARGV[3] then return call('ZREM', due, thing) end
call('ZADD', due, 'XX', now() + GATHERED, thing)
return 0
