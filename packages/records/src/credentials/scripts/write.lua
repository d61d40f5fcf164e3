-- ARGV: prefix, tenant, name, JSON, or '' to remove it. Answers 0 where there is none to remove.
local all = key('credentials', ARGV[2])
if ARGV[4] == '' then
  if call('HDEL', all, ARGV[3]) == 0 then return 0 end
else
  call('HSET', all, ARGV[3], ARGV[4])
end
touch('credentials', ARGV[2], 'all')
return 1
