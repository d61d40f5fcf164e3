-- ARGV: prefix, token. All that the store has was read since the token was set: a Redis that was
-- emptied meanwhile has it no more.
if call('DEL', key('lasting-reading', ARGV[2])) == 0 then return 0 end
call('SET', P .. ':lasting-known', '1')
return 1
