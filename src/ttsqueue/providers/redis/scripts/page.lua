-- Jobs of one index, newest first, below a number of arrival.
local found = {}
for _, id in ipairs(call('ZREVRANGEBYSCORE', OURS .. args.index, '(' .. args.before, '-inf', 'LIMIT', 0, args.limit)) do
  local job = load(id)
  if job then found[#found + 1] = job end
end
return {'ok', found}
