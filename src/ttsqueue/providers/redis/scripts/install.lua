-- Marks what lies here as ours; there is nothing else to make.
if tonumber(call('HGET', OURS .. 'schema', 'version') or 0) < args.version then
  call('HSET', OURS .. 'schema', 'version', text(args.version), 'usable_from', text(args.usable_from))
end
return {'ok'}
