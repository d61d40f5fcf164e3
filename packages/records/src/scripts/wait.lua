-- ARGV: prefix, id, what it waits for, event. An empty text: it no longer does. Only what is queued
-- waits: what has begun since it was looked at is left alone. Expansions have no events.
local record = recordOf(ARGV[2])
if call('HGET', record, 'state') ~= 'queued' then return 0 end
if ARGV[3] == '' then return call('HDEL', record, 'waitingFor') end
if call('HSETNX', record, 'waitingFor', ARGV[3]) == 0 then return 0 end
local build = load(ARGV[2])
if not build then return 1 end
local first = call('RPUSH', key('events', build.id), ARGV[4])
publish(build, first, { ARGV[4] }, nil)
return 1
