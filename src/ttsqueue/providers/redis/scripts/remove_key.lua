local digest = call('HGET', OURS .. 'key-names', args.name)
if not digest then return {'ok', args.again and 1 or 0} end
call('HDEL', OURS .. 'key-names', args.name)
call('HDEL', OURS .. 'keys', digest)
return {'ok', 1}
