-- ARGV: prefix, idempotency key or '', its answer, its seconds to live, number of the push or '',
-- expansionArguments.
if ARGV[2] ~= '' then
  local earlier = call('GET', ARGV[2])
  if earlier then return { 'replayed', earlier } end
  call('SET', ARGV[2], ARGV[3], 'EX', ARGV[4])
end
acceptExpansion(6, ARGV[5])
return { 'accepted' }
