-- ARGV: prefix, id, what it waits for, event. An empty text: it no longer does.
local build = load(ARGV[2])
if not build or TERMINAL[build.state] then return 0 end
local record = key('build', build.id)
if ARGV[3] == '' then
  return call('HDEL', record, 'waitingFor', 'waitingSince')
end
if call('HSETNX', record, 'waitingSince', now()) == 0 then return 0 end
call('HSET', record, 'waitingFor', ARGV[3])
local first = call('RPUSH', key('events', build.id), ARGV[4])
publish(build, first, { ARGV[4] }, nil)
return 1
