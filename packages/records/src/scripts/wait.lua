-- ARGV: prefix, id, what it waits for, event. An empty text: it no longer does. Only a queued build
-- waits: one that has begun since it was looked at is left alone.
local build = load(ARGV[2])
if not build or build.state ~= 'queued' then return 0 end
local record = key('build', build.id)
if ARGV[3] == '' then return call('HDEL', record, 'waitingFor') end
if call('HSETNX', record, 'waitingFor', ARGV[3]) == 0 then return 0 end
local first = call('RPUSH', key('events', build.id), ARGV[4])
publish(build, first, { ARGV[4] }, nil)
return 1
