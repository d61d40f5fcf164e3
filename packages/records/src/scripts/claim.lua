-- ARGV: prefix, keys of objects. Whoever stores or looks for an object that it will name says so
-- first; refused (0) while one of them is being removed.
for place = 2, #ARGV do
  if call('SISMEMBER', P .. ':condemned', ARGV[place]) == 1 then return 0 end
end
for place = 2, #ARGV do call('ZADD', P .. ':claims', now(), ARGV[place]) end
return 1
