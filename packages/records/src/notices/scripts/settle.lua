-- ARGV: prefix, name, version, attempts before, state, status or '', error or '', ms until the next
-- attempt, what the other side calls it or ''. Answers 'ok'; 'again' where there is something newer
-- to be told; 'stale' where another process has told it meanwhile.
local name, state = ARGV[2], ARGV[5]
local notice = key('notice', name)
local f = call('HMGET', notice, 'version', 'attempts', 'state')
if not f[1] then return 'stale' end
if ARGV[9] ~= '' then call('HSET', notice, 'reference', ARGV[9]) end
if f[1] ~= ARGV[3] then return f[3] == 'pending' and 'again' or 'stale' end
if f[2] ~= ARGV[4] or f[3] ~= 'pending' then return 'stale' end

call('HDEL', notice, 'lastStatus', 'lastError', 'nextAt')
call('HSET', notice, 'state', state, 'attempts', f[2] + 1)
if ARGV[6] ~= '' then call('HSET', notice, 'lastStatus', ARGV[6]) end
if ARGV[7] ~= '' then call('HSET', notice, 'lastError', ARGV[7]) end
if state == 'pending' then
  local due = now() + ARGV[8]
  call('HSET', notice, 'nextAt', string.format('%d', due))
  call('ZADD', P .. ':notices', due + GRACE, name)
else
  if state == 'delivered' then call('HSET', notice, 'deliveredAt', string.format('%d', now())) end
  call('ZREM', P .. ':notices', name)
  call('PEXPIRE', notice, NOTICE_KEPT)
end
return 'ok'
