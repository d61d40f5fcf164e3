-- ARGV: prefix, id, attempt, most bytes of log, pin or '', count of events, events, count of
-- chunks, chunks.
local build = load(ARGV[2])
if fenced(build, tonumber(ARGV[3])) then return 'refused' end

local events = tonumber(ARGV[6])
local chunks = tonumber(ARGV[7 + events])
if ARGV[5] ~= '' then call('HSET', key('build', build.id), 'pin', ARGV[5]) end
local first = appendEvents(build, 7, events)
appendLog(build, 8 + events, chunks, tonumber(ARGV[4]))
publish(build, first, { unpack(ARGV, 7, 6 + events) }, nil)
return 'ok'
