-- ARGV: prefix, tenant, id, JSON of its fields, what was sealed of the hook that was changed, '' of a
-- new one; then of an idempotency key its name, what is answered to it, and its seconds to live.
-- Each write seals anew: what is sealed otherwise by now was changed meanwhile.
if ARGV[5] ~= '' then
  local sealed = call('HGET', key('hook', ARGV[3]), 'sealed')
  if not sealed then return 'gone' end
  if sealed ~= ARGV[5] then return 'moved' end
end
writeHook(ARGV[2], ARGV[3], cjson.decode(ARGV[4]))
touch('hooks', ARGV[2], 'all')
if ARGV[6] then call('SET', ARGV[6], ARGV[7], 'EX', ARGV[8], 'NX') end
return 'written'
