-- ARGV: prefix, how many, ms until the same notice is looked at again. Answers names and tenants of
-- those that are due and have no job.
local time = now()
local answer = {}
for _, name in ipairs(
  call('ZRANGE', P .. ':notices', '-inf', time, 'BYSCORE', 'LIMIT', 0, ARGV[2])) do
  local f = call('HMGET', key('notice', name), 'state', 'tenant')
  if f[1] ~= 'pending' then
    call('ZREM', P .. ':notices', name)
  else
    call('ZADD', P .. ':notices', time + ARGV[3], name)
    if call('EXISTS', P .. ':notify:' .. name) == 0 then
      answer[#answer + 1] = name
      answer[#answer + 1] = f[2]
    end
  end
end
return answer
