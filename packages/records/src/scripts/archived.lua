-- ARGV: prefix, segment, ids. What was written leaves the set; content leaves Redis at once or
-- after a while, the small record stays. A build that is no longer in the set was written by
-- another archiver, whose segment holds more than ours could still read. The source's key stays: it
-- keeps the source from being swept.
call('SADD', P .. ':segments', ARGV[2])
local count = 0
for place = 3, #ARGV do
  local id = ARGV[place]
  local record = key('build', id)
  if call('ZREM', P .. ':archive', id) == 1 and call('EXISTS', record) == 1 then
    call('HSET', record, 'archivedIn', ARGV[2])
    call('HDEL', record, 'request', 'report', 'logBytes', 'begun')
    call('PEXPIRE', key('events', id), KEPT)
    call('PEXPIRE', key('log', id), KEPT)
    count = count + 1
  end
end
return count
