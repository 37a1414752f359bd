if not args.digest then return {'ok', call('HGETALL', OURS .. 'keys')} end
local key = call('HGET', OURS .. 'keys', args.digest)
return {'ok', key and {args.digest, key} or {}}
