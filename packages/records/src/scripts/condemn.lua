-- ARGV: prefix, an object's key or the folder of a function's packages, ms that a claim lasts,
-- tenant and function of such a folder or ''. Answers 1 when nobody may name what is in there: from
-- then on claims of the key are refused, or builds of the function are not begun.
if ARGV[5] == '' then
  local claimed = call('ZSCORE', P .. ':claims', ARGV[2])
  if claimed and tonumber(claimed) > now() - ARGV[3] then return 0 end
else
  local ofFunction = index(ARGV[4], 'function:' .. ARGV[5])
  for _, id in ipairs(call('ZRANGE', index(ARGV[4], 'state:running'), 0, -1)) do
    if call('ZSCORE', ofFunction, id) then return 0 end
  end
end
call('SADD', P .. ':condemned', ARGV[2])
return 1
